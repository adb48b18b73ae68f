package io.github.usertcp.testsuite.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.usertcp.channel.UserTcpServerSocketChannel;
import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The two ends Netty's tests connect: our channels, on event loops of one kind but never the same ones. */
final class Ends {
    static final List<ByteBufAllocator> ALLOCATORS =
        List.of(PooledByteBufAllocator.DEFAULT, new AdaptiveByteBufAllocator(), UnpooledByteBufAllocator.DEFAULT);

    private static final Logger OUR_LOG = (Logger) LoggerFactory.getLogger("io.github.usertcp");

    private final EventLoopGroup acceptors;
    private final EventLoopGroup children;
    private final EventLoopGroup clients;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private TcpStack clientStack;

    private Ends(IoHandlerFactory ioHandlerFactory) {
        logged.start();
        OUR_LOG.addAppender(logged);
        acceptors = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("acceptor", true), ioHandlerFactory);
        children = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("child", true), ioHandlerFactory);
        clients = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("client", true), ioHandlerFactory);
    }

    /** On event loops of the kind named by the system property {@code usertcp.testsuite.loops}: {@code epoll}, the default, or {@code nio}. */
    static Ends asTheBuildSays() {
        String kind = System.getProperty("usertcp.testsuite.loops", "epoll");
        IoHandlerFactory handlers = switch (kind) {
            case "epoll" -> EpollIoHandler.newFactory();
            case "nio" -> NioIoHandler.newFactory();
            default -> throw new IllegalArgumentException("usertcp.testsuite.loops: " + kind + " (expected: epoll or nio)");
        };
        return new Ends(handlers);
    }

    List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> both() {
        return List.of(new BootstrapComboFactory<>() {
            @Override
            public ServerBootstrap newServerInstance() {
                return newServer();
            }

            @Override
            public Bootstrap newClientInstance() {
                return newClient();
            }
        });
    }

    List<BootstrapFactory<ServerBootstrap>> server() {
        return List.of(this::newServer);
    }

    List<BootstrapFactory<Bootstrap>> client() {
        return List.of(this::newClient);
    }

    ServerBootstrap newServer() {
        return new ServerBootstrap().group(acceptors, children).channel(UserTcpServerSocketChannel.class);
    }

    Bootstrap newClient() {
        return new Bootstrap().group(clients).channel(UserTcpSocketChannel.class);
    }

    /** A client whose stack, and with it the connection, is on another event loop than the channel. */
    synchronized Bootstrap newClientOverStackElsewhere() {
        if (clientStack == null) {
            clientStack = TcpStack.builder().link(UdpLink.bind(new InetSocketAddress(NetUtil.LOCALHOST, 0))).open(acceptors.next())
                .syncUninterruptibly().getNow();
        }
        return new Bootstrap().group(clients).channelFactory(() -> new UserTcpSocketChannel(clientStack));
    }

    /** Ends the loops, so that what a test has left open shows as a leak; and no test has met a defect that was survived and logged. */
    void close() {
        for (EventLoopGroup group : List.of(clients, children, acceptors)) {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        }
        OUR_LOG.detachAppender(logged);
        assertEquals(List.of(), logged.list.stream().filter(event -> event.getLevel() == Level.ERROR).toList());
    }
}
