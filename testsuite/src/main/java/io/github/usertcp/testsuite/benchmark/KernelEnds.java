package io.github.usertcp.testsuite.benchmark;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** Both kernel programs of {@link TunBenchmark}, and our server that does what theirs does: the first byte says what. */
final class KernelEnds {
    /** Arguments: address, port. */
    static final String SERVER = """
        import socket, sys, threading
        def serve(s):
            work = s.recv(1)
            buffer = bytearray(1 << 20)
            try:
                if work == b'D':
                    while True:
                        s.sendall(buffer)
                while True:
                    n = s.recv_into(buffer)
                    if n == 0:
                        break
                    if work == b'P':
                        s.sendall(memoryview(buffer)[:n])
            except OSError:
                pass
            s.close()
        listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
        while True:
            s = listener.accept()[0]
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(s,), daemon=True).start()
        """;

    /** Arguments: address, port, work, seconds. Prints MB/s or microseconds. */
    static final String CLIENT = """
        import socket, sys, time
        for attempt in range(50):
            try:
                s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
                break
            except OSError:
                time.sleep(0.1)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        work, end = sys.argv[3].encode(), time.monotonic() + float(sys.argv[4])
        s.sendall(work)
        buffer, count, start = bytearray(1 << 20), 0, time.monotonic()
        if work == b'D':
            while time.monotonic() < end:
                count += s.recv_into(buffer)
            print(count / (time.monotonic() - start) / 1e6)
        elif work == b'U':
            while time.monotonic() < end:
                s.sendall(memoryview(buffer)[:65536])
                count += 65536
            s.shutdown(socket.SHUT_WR)
            s.recv(1)
            print(count / (time.monotonic() - start) / 1e6)
        else:
            times = []
            while time.monotonic() < end:
                before = time.perf_counter_ns()
                s.sendall(memoryview(buffer)[:64])
                got = 0
                while got < 64:
                    got += s.recv_into(buffer)
                times.append(time.perf_counter_ns() - before)
            times.sort()
            print(times[len(times) // 2] / 1e3)
        """;

    private static final int WRITE_BYTES = 64 * 1024;

    private KernelEnds() {
    }

    /** Our end of a connection. */
    static final class Served extends ChannelInboundHandlerAdapter {
        private char work;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (work == 0) {
                work = (char) bytes.readByte();
            }
            if (work == 'P' && bytes.isReadable()) {
                ctx.write(bytes, ctx.voidPromise());
            } else {
                bytes.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
            sendMore(ctx);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            sendMore(ctx);
        }

        private void sendMore(ChannelHandlerContext ctx) {
            while (work == 'D' && ctx.channel().isWritable()) {
                ctx.writeAndFlush(ctx.alloc().directBuffer(WRITE_BYTES).writeZero(WRITE_BYTES), ctx.voidPromise());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.close();
            }
        }

        /** The client leaves in the middle of a download. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            work = 0;
            ctx.close();
        }
    }
}
