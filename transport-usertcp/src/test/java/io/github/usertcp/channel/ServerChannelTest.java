package io.github.usertcp.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Binding and accepting, on the stack's event loop and from another one. */
class ServerChannelTest {
    private final List<Channel> accepted = new ArrayList<>();
    private final Recorder events = new Recorder();
    private TwoHosts hosts;

    @AfterEach
    void stop() {
        hosts.close();
    }

    private Channel bind(boolean autoRead) {
        return hosts.done(hosts.serverBootstrap().option(ChannelOption.AUTO_READ, autoRead)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel child) {
                    accepted.add(child);
                }
            }).bind()).channel();
    }

    private Channel connect() {
        return hosts.done(hosts.bootstrap().handler(events).connect()).channel();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void showsWhereItListens(boolean crossing) {
        hosts = new TwoHosts(crossing);
        UserTcpServerSocketChannel server = (UserTcpServerSocketChannel) bind(true);
        assertTrue(server.isActive());
        assertEquals(TwoHosts.SERVER, server.localAddress());
        assertNull(server.remoteAddress());
        assertEquals(hosts.server, server.stack());
        hosts.done(server.close());
        assertFalse(server.isActive());
        assertEquals(TwoHosts.SERVER, server.localAddress());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTakenPortIsABindException(boolean crossing) {
        hosts = new TwoHosts(crossing);
        Channel first = bind(true);
        ChannelFuture second = hosts.serverBootstrap().childHandler(events).bind();
        hosts.run();
        assertInstanceOf(BindException.class, second.cause());
        assertFalse(second.channel().isOpen());

        hosts.done(first.close());
        assertTrue(bind(true).isActive(), "free again");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void portZeroIsAnyPort(boolean crossing) {
        hosts = new TwoHosts(crossing);
        ChannelFuture bind = hosts.done(hosts.serverBootstrap().childHandler(events).bind(new InetSocketAddress("10.0.0.2", 0)));
        assertTrue(((InetSocketAddress) bind.channel().localAddress()).getPort() > 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutAutoReadEachReadAcceptsOne(boolean crossing) {
        hosts = new TwoHosts(crossing);
        Channel server = bind(false);
        connect();
        connect();
        connect();
        assertEquals(0, accepted.size());
        for (int i = 1; i <= 3; i++) {
            server.read();
            hosts.run();
            assertEquals(i, accepted.size());
        }
        server.read();
        hosts.run();
        connect();
        assertEquals(4, accepted.size(), "a read waits for the next one");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBurstIsAcceptedInOneGo(boolean crossing) {
        hosts = new TwoHosts(crossing);
        bind(true);
        for (int i = 0; i < 100; i++) {
            hosts.bootstrap().handler(new ChannelInboundHandlerAdapter()).connect();
        }
        hosts.run();
        assertEquals(100, accepted.size());
        assertTrue(accepted.stream().allMatch(Channel::isActive));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void acceptedChannelsOutliveTheListener(boolean crossing) {
        hosts = new TwoHosts(crossing);
        Channel server = bind(true);
        Channel client = connect();
        hosts.done(server.close());
        assertTrue(accepted.get(0).isActive());
        assertTrue(client.isActive());
        hosts.done(client.close());
        assertFalse(accepted.get(0).isOpen());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingResetsWhatWasNotAccepted(boolean crossing) {
        hosts = new TwoHosts(crossing);
        Channel server = bind(false);
        Channel client = connect();
        events.take();
        hosts.done(server.close());
        assertFalse(client.isOpen());
        assertEquals(List.of("Connection reset by peer", "inactive"), events.take());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAcceptedChannelThatNobodyRegistersCanBeClosed(boolean crossing) {
        hosts = new TwoHosts(crossing);
        hosts.done(hosts.serverBootstrap().handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                Channel child = (Channel) message;
                child.config().setOption(ChannelOption.SO_LINGER, 0);
                child.unsafe().closeForcibly();
            }
        }).childHandler(new ChannelInboundHandlerAdapter()).bind());
        Channel client = connect();
        assertFalse(client.isOpen());
        assertEquals(0, hosts.server.connectionCount());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChildThatSaysOneThingAndResetsAtOnceIsHeard(boolean crossing) {
        hosts = new TwoHosts(crossing);
        hosts.done(hosts.serverBootstrap().childOption(ChannelOption.SO_LINGER, 0).childHandler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                context.writeAndFlush(Unpooled.copiedBuffer("full", US_ASCII));
                context.close();
            }
        }).bind());
        ChannelFuture connect = hosts.bootstrap().handler(events).connect();
        connect.addListener(done -> connect.channel().writeAndFlush(Unpooled.copiedBuffer("hello", US_ASCII)));
        hosts.run();
        assertEquals(List.of("active", "read 4", "complete", "Connection reset by peer", "inactive"), events.take());
        assertEquals(0, hosts.server.connectionCount());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void childrenStartFromTheServersSettingsAndFollowTheirOwn(boolean crossing) {
        hosts = new TwoHosts(crossing);
        hosts.done(hosts.serverBootstrap().childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel child) {
                accepted.add(child);
            }
        }).option(UserTcpChannelOption.TCP_MAXSEG, 700).childOption(ChannelOption.SO_SNDBUF, 5000).bind());
        connect();
        UserTcpSocketChannel child = (UserTcpSocketChannel) accepted.get(0);
        assertEquals(700, child.config().getOption(UserTcpChannelOption.TCP_MAXSEG));
        assertEquals(5000, child.config().getSendBufferSize());
        assertTrue(child.config().isTcpNoDelay());
        assertTrue(hosts.sent(0, "server: S.") && hosts.sent(0, "mss 700"), "announced in the handshake");
    }
}
