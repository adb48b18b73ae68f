package io.github.usertcp.testsuite.application;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** With TLS or without, by either provider. */
enum Security {
    PLAIN(null),
    JDK_TLS(SslProvider.JDK),
    OPENSSL_TLS(SslProvider.OPENSSL);

    private final SslProvider provider;

    Security(SslProvider provider) {
        this.provider = provider;
    }

    /** Contexts of both sides that trust each other; made once for a test. */
    Keys keys() throws Exception {
        if (provider == null) {
            return new Keys(null, null);
        }
        X509Bundle certificate = new CertificateBuilder().subject("CN=localhost").addSanDnsName("localhost").setIsCertificateAuthority(true)
            .buildSelfSigned();
        return new Keys(
            SslContextBuilder.forServer(certificate.getKeyPair().getPrivate(), certificate.getCertificatePath()).sslProvider(provider).build(),
            SslContextBuilder.forClient().trustManager(certificate.getCertificate()).sslProvider(provider).build());
    }

    record Keys(SslContext server, SslContext client) {
        void secureServer(Channel channel) {
            if (server != null) {
                channel.pipeline().addLast(server.newHandler(channel.alloc()));
            }
        }

        void secureClient(Channel channel) {
            if (client != null) {
                channel.pipeline().addLast(client.newHandler(channel.alloc(), "localhost", 443));
            }
        }
    }
}
