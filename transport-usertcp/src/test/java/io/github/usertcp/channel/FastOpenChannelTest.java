package io.github.usertcp.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.stack.FastOpenKeys;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP_FASTOPEN_CONNECT and TCP_FASTOPEN with the meaning they have in Netty's epoll transport, over two stacks (RFC 7413). */
@Tag("RFC7413-3")
class FastOpenChannelTest {
    private static final String COOKIE = ",FO [0-9a-f]{16}>";

    /** A server that answers everything it reads with the same again. */
    private static final class Echo extends Recorder {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(((ByteBuf) message).retain());
            super.channelRead(context, message);
        }
    }

    private final Echo served = new Echo();
    private final Recorder client = new Recorder();

    private void listen(TwoHosts hosts) {
        listen(hosts, 10);
    }

    private Channel listen(TwoHosts hosts, int pending) {
        return hosts.done(hosts.serverBootstrap().option(ChannelOption.TCP_FASTOPEN, pending)
            .childHandler(served).bind()).channel();
    }

    private Bootstrap bootstrap(TwoHosts hosts) {
        return hosts.bootstrap().option(ChannelOption.TCP_FASTOPEN_CONNECT, true).handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(client);
            }
        });
    }

    /** A registered channel in whose outbound buffer something waits. To flush it before connecting would fail it, as on any channel. */
    private Channel prepared(TwoHosts hosts, String data) {
        Channel channel = hosts.done(bootstrap(hosts).register()).channel();
        channel.write(Unpooled.copiedBuffer(data, StandardCharsets.US_ASCII));
        hosts.run();
        return channel;
    }

    /** A connection that does nothing but fetch a cookie. */
    private void fetchCookie(TwoHosts hosts) {
        Channel first = hosts.done(bootstrap(hosts).connect()).channel();
        hosts.done(first.close());
        hosts.run();
        client.take();
        served.take();
        served.text.setLength(0);
        hosts.segments.clear();
    }

    private static void assertSegment(String pattern, String segment) {
        assertTrue(segment.matches(pattern), () -> segment + " is not " + pattern);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstConnectionFetchesACookie(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            listen(hosts);
            Channel channel = prepared(hosts, "hello");
            hosts.done(channel.connect(TwoHosts.SERVER));
            assertSegment("client: S \\d+:\\d+\\(0\\) .*,FO>", hosts.segments.get(0));
            assertSegment("server: S. \\d+:\\d+\\(0\\) .*" + COOKIE, hosts.segments.get(1));
            assertEquals("hello", served.text.toString(), "it follows the handshake");
            assertEquals(1, hosts.client.fastOpenCache().size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dataLeavesWithTheSynOnceThereIsACookie(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            listen(hosts);
            fetchCookie(hosts);
            Channel channel = prepared(hosts, "hello");
            ChannelFuture connected = channel.connect(TwoHosts.SERVER);
            hosts.done(connected);
            assertSegment("client: S \\d+:\\d+\\(5\\) .*" + COOKIE, hosts.segments.get(0));
            assertSegment("server: S. .* ack .*", hosts.segments.get(1));
            assertEquals("hello", served.text.toString());
            assertEquals("hello", client.text.toString());
            assertEquals(List.of("active", "read 5", "complete"), client.take());
            assertEquals(List.of("active", "read 5", "complete"), served.take());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatDoesNotFitFollows(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            listen(hosts);
            fetchCookie(hosts);
            String data = "x".repeat(5000);
            hosts.done(prepared(hosts, data).connect(TwoHosts.SERVER));
            assertSegment("client: S \\d+:\\d+\\(1420\\) .*" + COOKIE, hosts.segments.get(0));
            assertEquals(data, served.text.toString());
            assertEquals(data, client.text.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutDataConnectingWaitsForTheServer(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            listen(hosts);
            fetchCookie(hosts);
            hosts.done(bootstrap(hosts).connect());
            assertSegment("client: S \\d+:\\d+\\(0\\) .*" + COOKIE, hosts.segments.get(0));
            assertEquals(List.of("active"), client.take());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutTheOptionNothingIsDifferent(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            listen(hosts);
            fetchCookie(hosts);
            Channel channel = hosts.done(bootstrap(hosts).option(ChannelOption.TCP_FASTOPEN_CONNECT, false).register()).channel();
            channel.write(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
            hosts.done(channel.connect(TwoHosts.SERVER));
            assertFalse(hosts.sent(0, "FO"));
            assertSegment("client: S \\d+:\\d+\\(0\\) .*", hosts.segments.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatHasForgottenItsKeyTakesTheDataAfterTheHandshake(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            Channel server = listen(hosts, 10);
            fetchCookie(hosts);
            assertTrue(server.config().setOption(UserTcpChannelOption.TCP_FASTOPEN_KEY, FastOpenKeys.random()));
            hosts.run();
            hosts.done(prepared(hosts, "hello").connect(TwoHosts.SERVER));
            assertSegment("server: S. .*" + COOKIE, hosts.segments.get(1));
            assertEquals("hello", served.text.toString());
            assertEquals("hello", client.text.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theServersOptionMayBeSetAndClearedWhileItListens(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            Channel server = listen(hosts, 0);
            hosts.done(bootstrap(hosts).connect());
            assertFalse(hosts.sent(1, "FO"));
            server.config().setOption(ChannelOption.TCP_FASTOPEN, 3);
            hosts.client.fastOpenCache().clear();
            hosts.run();
            int from = hosts.segments.size();
            hosts.done(bootstrap(hosts).connect());
            assertTrue(hosts.sent(from + 1, "FO "));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cookiesCanBeDoneWithout(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            hosts.done(hosts.serverBootstrap().option(ChannelOption.TCP_FASTOPEN, 10).option(UserTcpChannelOption.TCP_FASTOPEN_NO_COOKIE, true)
                .childHandler(served).bind());
            Channel channel = hosts.done(bootstrap(hosts).option(UserTcpChannelOption.TCP_FASTOPEN_NO_COOKIE, true).register()).channel();
            channel.write(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
            hosts.done(channel.connect(TwoHosts.SERVER));
            assertSegment("client: S \\d+:\\d+\\(5\\) .*", hosts.segments.get(0));
            assertFalse(hosts.sent(0, "FO"));
            assertEquals("hello", client.text.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRefusalBehindTheSynIsTheConnectionsEnd(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            Channel server = listen(hosts, 10);
            fetchCookie(hosts);
            hosts.done(server.close());
            Channel channel = prepared(hosts, "hello");
            hosts.done(channel.connect(TwoHosts.SERVER));
            assertEquals(List.of("active", "Connection refused", "inactive"), client.take());
            assertFalse(channel.isOpen());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRefusalWithoutCookieFailsTheConnect(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            ChannelFuture connecting = prepared(hosts, "hello").connect(TwoHosts.SERVER);
            assertThrows(ConnectException.class, () -> hosts.done(connecting));
            assertEquals(List.of(), client.take());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingAtOnceStillDeliversTheData(boolean crossing) {
        try (TwoHosts hosts = new TwoHosts(crossing)) {
            listen(hosts);
            fetchCookie(hosts);
            Channel channel = prepared(hosts, "hello");
            channel.connect(TwoHosts.SERVER).addListener(done -> channel.close());
            hosts.run();
            assertFalse(channel.isOpen());
            assertEquals(0, hosts.client.connectionCount(), "the close came before the SYN, which needs to say nothing then");
        }
    }
}
