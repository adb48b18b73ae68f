package io.github.usertcp.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connecting, on the stack's event loop and from another one. */
class ConnectTest {
    private final Recorder served = new Recorder();
    private final Recorder events = new Recorder();
    private TwoHosts hosts;

    private void start(boolean crossing) {
        hosts = new TwoHosts(crossing);
        hosts.done(hosts.serverBootstrap().childHandler(served).bind());
    }

    @AfterEach
    void stop() {
        hosts.close();
    }

    private Bootstrap client() {
        return hosts.bootstrap().handler(events);
    }

    private UserTcpSocketChannel registered() {
        return (UserTcpSocketChannel) hosts.done(client().register()).channel();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothEndsBecomeActiveAndKnowTheirAddresses(boolean crossing) {
        start(crossing);
        UserTcpSocketChannel channel = registered();
        assertNull(channel.localAddress());
        assertNull(channel.remoteAddress());
        assertFalse(channel.isActive());

        hosts.done(channel.connect(TwoHosts.SERVER));

        assertTrue(channel.isActive());
        assertEquals(List.of("active"), events.take());
        assertEquals(List.of("active"), served.take());
        assertEquals(TwoHosts.SERVER, channel.remoteAddress());
        assertEquals("10.0.0.1", channel.localAddress().getAddress().getHostAddress());
        assertEquals(channel.localAddress(), served.channel.remoteAddress());
        assertEquals(TwoHosts.SERVER, served.channel.localAddress());
        assertEquals(hosts.client, channel.stack());

        hosts.done(channel.close());
        assertEquals(TwoHosts.SERVER, channel.remoteAddress(), "kept after close");
        assertNotNull(channel.localAddress());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClosedPortRefuses(boolean crossing) {
        start(crossing);
        ChannelFuture connect = client().connect(new InetSocketAddress("10.0.0.2", 9));
        hosts.run();
        assertInstanceOf(ConnectException.class, connect.cause());
        assertEquals("Connection refused: /10.0.0.2:9", connect.cause().getMessage());
        assertFalse(connect.channel().isOpen());
        assertTrue(connect.channel().closeFuture().isDone());
        assertEquals(List.of(), events.take());
    }

    /** The link has addresses of one family only, and no address of the other to send a SYN from. */
    @ParameterizedTest
    @CsvSource({"false, fd00::2", "true, fd00::2", "false, 224.0.0.1", "true, 255.255.255.255"})
    void whereNoWayLeadsFailsAtOnce(boolean crossing, String address) throws Exception {
        start(crossing);
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getByName(address), 8007);
        ChannelFuture connect = client().connect(remote);
        hosts.run();
        assertInstanceOf(NoRouteToHostException.class, connect.cause());
        assertEquals("Network is unreachable: " + remote, connect.cause().getMessage());
        assertFalse(connect.channel().isOpen());
        assertEquals(List.of(), hosts.segments);
        assertEquals(List.of(), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void silenceTimesOut(boolean crossing) {
        start(crossing);
        ChannelFuture connect = client().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2000).connect(TwoHosts.NOBODY);
        hosts.run();
        hosts.advance(1999);
        assertFalse(connect.isDone());
        hosts.advance(1);
        assertInstanceOf(ConnectTimeoutException.class, connect.cause());
        assertFalse(connect.channel().isOpen());
        assertEquals(0, hosts.client.connectionCount());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancellingCloses(boolean crossing) {
        start(crossing);
        ChannelFuture connect = client().connect(TwoHosts.NOBODY);
        hosts.run();
        assertTrue(connect.cancel(false));
        hosts.run();
        assertFalse(connect.channel().isOpen());
        assertEquals(0, hosts.client.connectionCount());
        assertEquals(List.of(), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingWhileConnectingFailsTheConnect(boolean crossing) {
        start(crossing);
        ChannelFuture connect = client().connect(TwoHosts.NOBODY);
        hosts.run();
        hosts.done(connect.channel().close());
        assertInstanceOf(ClosedChannelException.class, connect.cause());
        assertEquals(0, hosts.client.connectionCount());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectsOnce(boolean crossing) {
        start(crossing);
        UserTcpSocketChannel channel = registered();
        ChannelFuture first = channel.connect(TwoHosts.SERVER);
        ChannelFuture pending = channel.connect(TwoHosts.SERVER);
        hosts.run();
        assertTrue(first.isSuccess());
        assertInstanceOf(ConnectionPendingException.class, pending.cause());
        ChannelFuture again = channel.connect(TwoHosts.SERVER);
        hosts.run();
        assertInstanceOf(AlreadyConnectedException.class, again.cause());
        assertTrue(channel.isActive());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLocalPortIsUsedAndReportedIfTaken(boolean crossing) {
        start(crossing);
        InetSocketAddress local = new InetSocketAddress("10.0.0.1", 4000);
        ChannelFuture first = hosts.done(client().connect(TwoHosts.SERVER, local));
        assertEquals(local, first.channel().localAddress());

        ChannelFuture second = client().connect(TwoHosts.SERVER, local);
        hosts.run();
        assertInstanceOf(BindException.class, second.cause());
        assertFalse(second.channel().isOpen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bindNotesTheAddressToConnectFrom(boolean crossing) {
        start(crossing);
        UserTcpSocketChannel channel = registered();
        hosts.done(channel.bind(new InetSocketAddress("10.0.0.1", 4001)));
        assertEquals(4001, channel.localAddress().getPort());
        hosts.done(channel.connect(TwoHosts.SERVER));
        assertEquals(4001, served.channel.remoteAddress().getPort());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAddressStillToBeChosenIsNotShown(boolean crossing) {
        start(crossing);
        UserTcpSocketChannel channel = registered();
        hosts.done(channel.bind(new InetSocketAddress("10.0.0.1", 0)));
        assertNull(channel.localAddress());
        hosts.done(channel.connect(TwoHosts.SERVER));
        assertTrue(channel.localAddress().getPort() > 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thereIsNoInfoBeforeTheConnection(boolean crossing) {
        start(crossing);
        UserTcpSocketChannel channel = registered();
        assertInstanceOf(NotYetConnectedException.class, channel.tcpInfo().cause());
        channel.connect(TwoHosts.NOBODY);
        hosts.run();
        assertInstanceOf(NotYetConnectedException.class, channel.tcpInfo().cause());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUnresolvedAddressIsRefused(boolean crossing) {
        start(crossing);
        ChannelFuture connect = registered().connect(InetSocketAddress.createUnresolved("nowhere.invalid", 80));
        hosts.run();
        assertInstanceOf(UnresolvedAddressException.class, connect.cause());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writingBeforeConnectingWorksUnlessFlushed(boolean crossing) {
        start(crossing);
        UserTcpSocketChannel channel = registered();
        ChannelFuture flushed = channel.writeAndFlush(Unpooled.copiedBuffer("lost", US_ASCII));
        hosts.run();
        assertInstanceOf(NotYetConnectedException.class, flushed.cause());

        ChannelFuture kept = channel.write(Unpooled.copiedBuffer("kept,", US_ASCII));
        channel.connect(TwoHosts.SERVER);
        ChannelFuture hasty = channel.writeAndFlush(Unpooled.copiedBuffer("hasty", US_ASCII));
        hosts.run();
        assertTrue(kept.isSuccess());
        assertTrue(hasty.isSuccess());
        assertEquals("kept,hasty", served.text.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReadAskedForBeforeConnectingIsRemembered(boolean crossing) {
        start(crossing);
        ChannelFuture register = hosts.done(client().option(ChannelOption.AUTO_READ, false).register());
        register.channel().read();
        hosts.done(register.channel().connect(TwoHosts.SERVER));
        served.channel.writeAndFlush(Unpooled.copiedBuffer("x", US_ASCII));
        hosts.run();
        assertEquals("x", events.text.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatClosesInThePromisesListenerStillGetsActiveAndInactive(boolean crossing) {
        start(crossing);
        ChannelFuture connect = client().connect(TwoHosts.SERVER);
        connect.addListener(done -> connect.channel().close());
        hosts.run();
        assertEquals(List.of("active", "inactive"), events.take());
        assertEquals(List.of("active", "complete", "inactive"), served.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theStackEndsItsChannels(boolean crossing) {
        start(crossing);
        ChannelFuture connect = hosts.done(client().connect(TwoHosts.SERVER));
        hosts.client.close();
        hosts.run();
        assertFalse(connect.channel().isOpen());
        assertEquals(List.of("active", "inactive"), events.take());
        ChannelFuture late = hosts.bootstrap().handler(new ChannelInboundHandlerAdapter()).connect();
        hosts.run();
        assertNotNull(late.cause());
    }
}
