package io.github.usertcp.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.usertcp.channel.UserTcpSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;

/** Sends a line to an echo server and prints what comes back, and how long it took. */
public final class EchoClient {
    private static final String GREETING = "Hello from user space\n";

    private EchoClient() {
    }

    public static void main(String[] args) {
        Arguments.run("EchoClient [--client HOST:PORT]", args, EchoClient::run);
    }

    private static void run(Arguments arguments) throws Exception {
        try (EventLoops loops = new EventLoops()) {
            long start = System.nanoTime();
            String echo = echo(loops.group(), arguments.client("localhost:8007"), GREETING);
            System.out.printf("%s%d microseconds, connecting included%n", echo, (System.nanoTime() - start) / 1000);
        }
    }

    static String echo(EventLoopGroup group, SocketAddress server, String text) throws Exception {
        Promise<String> echo = group.next().newPromise();
        Channel channel = new Bootstrap()
            .group(group)
            .channel(UserTcpSocketChannel.class)
            .handler(new EchoedText(text.getBytes(UTF_8).length, echo))
            .connect(server)
            .sync()
            .channel();
        channel.writeAndFlush(Unpooled.copiedBuffer(text, UTF_8));
        try {
            return echo.get();
        } finally {
            channel.close().sync();
        }
    }

    /** Collects bytes until there are as many as were sent. */
    private static final class EchoedText extends SimpleChannelInboundHandler<ByteBuf> {
        private final ByteBuf received;
        private final Promise<String> echo;

        EchoedText(int expectedBytes, Promise<String> echo) {
            received = Unpooled.buffer(expectedBytes, expectedBytes);
            this.echo = echo;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf data) {
            received.writeBytes(data);
            if (!received.isWritable()) {
                echo.setSuccess(received.toString(UTF_8));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            received.release();
            echo.tryFailure(new ClosedChannelException());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            echo.tryFailure(cause);
            ctx.close();
        }
    }
}
