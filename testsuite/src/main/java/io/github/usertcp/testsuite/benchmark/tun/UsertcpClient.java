package io.github.usertcp.testsuite.benchmark.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;

/** Our client behind a TUN device, and a kernel server in the namespace. */
final class UsertcpClient implements Contender {
    static final String NAME = "usertcp as client, TUN with offload";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsWarmUp() {
        return true;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.of(Work.DOWNLOAD, Work.UPLOAD);
    }

    @Override
    public void measure(Work work, Duration duration, ObjDoubleConsumer<Figure> results) throws IOException, InterruptedException {
        try (NetworkNamespace server = new NetworkNamespace(); OwnStack stack = new OwnStack(server, Mtu.ETHERNET, true)) {
            InetSocketAddress address = KernelServer.start(server.programs(), OwnStack.KERNEL);
            Connection connection = new Connection(work);
            stack.client(connection).connect(address).sync();
            long startNanos = System.nanoTime();
            Thread.sleep(duration.toMillis());
            long bytes = stack.loop().submit(connection::bytes).sync().getNow();
            work.report(bytes * 1e3 / (System.nanoTime() - startNanos), results);
        }
    }

    /** Only its event loop calls it. */
    private static final class Connection extends ChannelInboundHandlerAdapter {
        private final Work work;
        private final Zeros zeros = new Zeros();
        private long received;

        Connection(Work work) {
            this.work = work;
        }

        /** What has arrived so far, here or there. */
        long bytes() {
            return work == Work.UPLOAD ? received * Work.UNIT : received;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.buffer(1).writeByte(work.letter()), ctx.voidPromise());
            sendMore(ctx);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            sendMore(ctx);
        }

        private void sendMore(ChannelHandlerContext ctx) {
            if (work == Work.UPLOAD) {
                zeros.fill(ctx.channel());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received += bytes.readableBytes();
            bytes.release();
        }

        /** The stack is closed while data is under way. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            zeros.release();
        }
    }
}
