package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.channel.UserTcpServerSocketChannel;
import io.github.usertcp.channel.UserTcpSocketChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What a socket is from {@code listen()} on: a server channel, and the connections that wait to be accepted. */
final class ListeningSocket {
    private final Machine machine;
    private final UserTcpServerSocketChannel server;
    private final Deque<UserTcpSocketChannel> accepted = new ArrayDeque<>();

    /** @param options  sets those that the socket has so far */
    ListeningSocket(Machine machine, int backlog, Consumer<Channel> options) {
        this.machine = machine;
        server = UserTcpChannels.servers(machine.stack()).newChannel();
        server.config().setAutoRead(false).setBacklog(Math.max(1, backlog));
        options.accept(server);
        server.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object child) {
                accepted.add((UserTcpSocketChannel) child);
            }
        });
        machine.register(server);
    }

    Channel channel() {
        return server;
    }

    /** @param address  {@code null} for any port */
    Outcome bind(InetSocketAddress address) {
        ChannelFuture future = server.bind(address != null ? address : new InetSocketAddress(machine.options().local().toInetAddress(), 0));
        machine.loop().drain();
        return future.isSuccess() ? Outcome.of(0) : Outcome.error(Errno.of(future.cause()));
    }

    boolean hasAccepted() {
        if (accepted.isEmpty()) {
            server.read();
            machine.loop().drain();
        }
        return !accepted.isEmpty();
    }

    /** The oldest, or {@code null} if none waits. */
    UserTcpSocketChannel accept() {
        return hasAccepted() ? accepted.poll() : null;
    }

    /** Those that nobody will accept go as if they had never been. */
    void dropAccepted() {
        accepted.forEach(child -> child.unsafe().closeForcibly());
    }
}
