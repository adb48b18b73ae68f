package io.github.usertcp.channel;

import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseCombiner;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Channels of a stack of one's own, and servers on many event loops. */
public final class UserTcpChannels {
    private UserTcpChannels() {
    }

    /**
     * Makes client channels that connect from {@code stack}, on whatever event loop, for
     * {@code Bootstrap.channelFactory()}. The stack stays open when they are closed.
     */
    public static ChannelFactory<UserTcpSocketChannel> clients(TcpStack stack) {
        return () -> new UserTcpSocketChannel(stack);
    }

    /**
     * Makes server channels that listen on {@code stack}, on whatever event loop, for
     * {@code ServerBootstrap.channelFactory()}. The stack stays open when they are closed.
     */
    public static ChannelFactory<UserTcpServerSocketChannel> servers(TcpStack stack) {
        return () -> new UserTcpServerSocketChannel(stack);
    }

    /**
     * Binds a server to one UDP port on every event loop of a group, each with a stack and its
     * connections of its own, so that nothing crosses threads. The kernel shares out the peers
     * (SO_REUSEPORT): all connections from one UDP address and port come to one event loop.
     *
     * @param server  a bootstrap without group and channel, used as a prototype
     * @param address  where to listen; with port 0 the first event loop's socket chooses for all
     * @return all server channels, or the first failure, after which none stays bound
     */
    public static Future<List<Channel>> bindOnEveryLoop(ServerBootstrap server, EventLoopGroup group, SocketAddress address) {
        ServerBootstrap prototype = server.clone().channel(UserTcpServerSocketChannel.class).option(UnixChannelOption.SO_REUSEPORT, true);
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor executor : group) {
            loops.add((EventLoop) executor);
        }
        Promise<List<Channel>> bound = GlobalEventExecutor.INSTANCE.newPromise();
        ChannelFuture first = prototype.clone().group(loops.get(0)).bind(address);
        first.addListener(done -> {
            if (done.isSuccess()) {
                GlobalEventExecutor.INSTANCE.execute(() -> bindOthers(prototype, first.channel(), loops.subList(1, loops.size()), bound));
            } else {
                bound.setFailure(done.cause());
            }
        });
        return bound;
    }

    private static void bindOthers(ServerBootstrap prototype, Channel first, List<EventLoop> loops, Promise<List<Channel>> bound) {
        List<Channel> channels = new ArrayList<>();
        channels.add(first);
        PromiseCombiner all = new PromiseCombiner(GlobalEventExecutor.INSTANCE);
        for (EventLoop loop : loops) {
            ChannelFuture bind = prototype.clone().group(loop).bind(first.localAddress());
            channels.add(bind.channel());
            all.add((Future<Void>) bind);
        }
        Promise<Void> end = GlobalEventExecutor.INSTANCE.newPromise();
        end.addListener(done -> {
            if (done.isSuccess()) {
                bound.setSuccess(channels);
            } else {
                channels.forEach(Channel::close);
                bound.setFailure(done.cause());
            }
        });
        all.finish(end);
    }
}
