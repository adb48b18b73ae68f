package io.github.usertcp.examples;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** TLS between a server with a certificate made on the spot and a client that knows it. */
final class Tls {
    /** tcnative's BoringSSL where there is one for this platform. */
    private static final SslProvider PROVIDER = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

    private final X509Bundle certificate;

    Tls() throws Exception {
        certificate = new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    }

    SslContext server() throws Exception {
        return SslContextBuilder.forServer(certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
            .sslProvider(PROVIDER)
            .build();
    }

    SslContext client() throws Exception {
        return SslContextBuilder.forClient().trustManager(certificate.getCertificate()).sslProvider(PROVIDER).build();
    }

    /**
     * For a client in another process than the server, who cannot know a certificate made a moment ago. Not for anything but an example.
     */
    static SslContext clientTrustingAnybody() throws Exception {
        return SslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .sslProvider(PROVIDER)
            .build();
    }
}
