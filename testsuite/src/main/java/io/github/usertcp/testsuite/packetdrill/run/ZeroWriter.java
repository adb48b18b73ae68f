package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.tcp.TcpInfo;
import io.github.usertcp.testsuite.virtual.VirtualLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;

/** What a socket writes: zeros, as many as its {@link SendBuffer} takes. The larger buffer of the stack is full whenever that one is. */
final class ZeroWriter {
    private static final int AMPLE = -1;

    private final VirtualLoop loop;
    private final SendBuffer sendBuffer;
    /** The size of the stack's buffer while it is made to be full. */
    private int ampleBytes = AMPLE;

    ZeroWriter(VirtualLoop loop, SendBuffer sendBuffer) {
        this.loop = loop;
        this.sendBuffer = sendBuffer;
    }

    /** Bytes taken, or the error; {@code null} if there is no room. */
    Outcome write(UserTcpSocketChannel channel, long length) {
        showRoom(channel);
        long written = 0;
        int room = room(channel, length);
        while (room > 0) {
            ByteBuf zeros = channel.alloc().buffer(room).writeZero(room);
            ChannelFuture future = channel.writeAndFlush(zeros);
            loop.drain();
            if (future.cause() != null) {
                return written > 0 ? Outcome.of(written) : Outcome.error(Errno.of(future.cause()));
            }
            written += room;
            room = room(channel, length - written); // what has been sent meanwhile is not unsent any more
        }
        if (written < length) {
            showFull(channel);
        }
        return written > 0 || length == 0 ? Outcome.of(written) : null;
    }

    private int room(UserTcpSocketChannel channel, long length) {
        TcpInfo info = info(channel);
        return (int) (info == null ? length : sendBuffer.room(info, length)); // without a connection, writing tells why not
    }

    /** The user wanted to write more: what {@code tcp_info} tells of limits by the send buffer depends on it. */
    private void showFull(UserTcpSocketChannel channel) {
        TcpInfo info = info(channel);
        if (info != null) {
            ampleBytes = channel.config().getOption(ChannelOption.SO_SNDBUF);
            channel.config().setOption(ChannelOption.SO_SNDBUF, (int) Math.max(1, info.unacked() + info.notsentBytes()));
            loop.drain();
        }
    }

    private void showRoom(UserTcpSocketChannel channel) {
        if (ampleBytes != AMPLE) {
            channel.config().setOption(ChannelOption.SO_SNDBUF, ampleBytes);
            ampleBytes = AMPLE;
        }
    }

    /** The size was set anew. */
    void resized() {
        ampleBytes = AMPLE;
    }

    /** {@code null} if there is no connection. */
    static TcpInfo info(UserTcpSocketChannel channel) {
        Future<TcpInfo> info = channel.tcpInfo();
        return info != null && info.isSuccess() ? info.getNow() : null;
    }
}
