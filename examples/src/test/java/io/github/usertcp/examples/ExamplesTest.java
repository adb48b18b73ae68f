package io.github.usertcp.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples do what they say, over UDP on the loopback interface and ports that happen to be free. */
@Timeout(60)
class ExamplesTest {
    private static final long SIZE = (1 << 20) + 1;

    private final EventLoops serverLoops = new EventLoops();
    private final EventLoops clientLoops = new EventLoops();

    @AfterEach
    void stop() {
        clientLoops.close();
        serverLoops.close();
    }

    @Test
    void echoComesBack() throws Exception {
        Channel server = EchoServer.start(serverLoops.group(), 0);
        assertEquals("hello", EchoClient.echo(clientLoops.group(), address(server), "hello"));
    }

    @Test
    void downloadUnderTlsIsIntact() throws Exception {
        Tls tls = new Tls();
        assertIntact(tls.server(), tls.client());
    }

    @Test
    void plainDownloadIsIntact() throws Exception {
        assertIntact(null, null);
    }

    @Test
    void clientThatKnowsAnotherCertificateRefusesTheServer() throws Exception {
        Channel server = HttpServer.start(serverLoops.group(), 0, new Tls().server());
        SslContext other = new Tls().client();
        assertThrows(ExecutionException.class, () -> HttpClient.get(clientLoops.group(), address(server), 1, other).get());
    }

    @Test
    void portInUseIsReported() throws Exception {
        int port = address(EchoServer.start(serverLoops.group(), 0)).getPort();
        assertThrows(BindException.class, () -> EchoServer.start(serverLoops.group(), port));
    }

    @Test
    void portNobodyListensOnRefuses() throws Exception {
        Channel server = EchoServer.start(serverLoops.group(), 0);
        InetSocketAddress address = address(server);
        server.close().sync();
        ExecutionException failure = assertThrows(ExecutionException.class, () -> HttpClient.get(clientLoops.group(), address, 1, null).get());
        assertInstanceOf(ConnectException.class, failure.getCause());
    }

    private void assertIntact(SslContext serverTls, SslContext clientTls) throws Exception {
        Channel server = HttpServer.start(serverLoops.group(), 0, serverTls);
        Downloaded downloaded = HttpClient.get(clientLoops.group(), address(server), SIZE, clientTls).get();
        assertEquals(SIZE, downloaded.bytes());
        assertTrue(downloaded.isIntact(), downloaded::toString);
        assertTrue(downloaded.info().bytesReceived() >= SIZE, downloaded::toString);
    }

    private static InetSocketAddress address(Channel server) {
        return InetSocketAddress.createUnresolved("localhost", ((InetSocketAddress) server.localAddress()).getPort());
    }
}
