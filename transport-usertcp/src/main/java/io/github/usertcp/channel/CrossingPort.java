package io.github.usertcp.channel;

import static io.github.usertcp.channel.Crossing.releaseAll;

import io.github.usertcp.channel.Crossing.Farewell;
import io.github.usertcp.stack.StackConnection;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/** Channel and connection on different event loops: the channel's side of a {@link Crossing}. */
final class CrossingPort extends ConnectionPort {
    /**
     * How far the stack's side reads ahead of the channel, in bytes, so that a reading channel does not wait for a round
     * trip between threads. Four of the largest segments; never more than SO_RCVBUF, and nothing before the channel reads.
     */
    private static final int READ_AHEAD_BYTES = 256 * 1024;

    private final Crossing crossing;
    private final CrossingOwner other;
    private ByteBuf reading;
    private long readBytes;
    private long writtenBytes;
    private boolean established;
    private boolean lingering;
    private boolean closed;

    CrossingPort(TcpStack stack, StackConnection accepted, PortOwner owner, EventLoop channelLoop) {
        super(stack, owner);
        other = new CrossingOwner(stack, accepted);
        crossing = new Crossing(stack.eventLoop(), other::run, channelLoop, this::run);
        other.join(crossing);
        established = accepted != null;
    }

    @Override
    void connect(ConnectRequest request, boolean withData) {
        crossing.config = request.config();
        toStack(crossing.stackSide.post(() -> other.open(request, withData)));
    }

    @Override
    void attach(TcpConfig config) {
        crossing.config = config;
        // What the connection will find room for anyway, so that a greeting need not wait for a round trip.
        crossing.writeLimit = Math.min(config.sendBufferBytes(), config.notSentLowWaterBytes());
        toStack(crossing.stackSide.post(other::attach));
    }

    @Override
    int writableBytes() {
        if (closed) {
            return 0;
        }
        int room = roomBytes();
        if (room == 0) {
            crossing.writerStarved = true;
            room = roomBytes();
        }
        return room;
    }

    private int roomBytes() {
        return (int) Math.max(0, crossing.writeLimit - writtenBytes);
    }

    @Override
    int write(ByteBuf data, int length) {
        if (closed) {
            return 0;
        }
        writtenBytes += length;
        crossing.written.add(data.retainedSlice(data.readerIndex(), length));
        return length;
    }

    @Override
    void flush() {
        if (!closed) {
            toStack(crossing.stackSide.wake());
        }
    }

    @Override
    ByteBuf read(int maxBytes) {
        if (reading == null && (closed || (reading = crossing.received.poll()) == null)) {
            return null;
        }
        ByteBuf data = reading;
        if (data.readableBytes() > maxBytes) {
            data = data.readRetainedSlice(maxBytes);
        } else {
            reading = null;
        }
        readBytes += data.readableBytes();
        return data;
    }

    @Override
    boolean isReadable() {
        return reading != null || !closed && !crossing.received.isEmpty();
    }

    @Override
    boolean isInputEnded() {
        return crossing.inputEnded && !isReadable();
    }

    @Override
    CloseCause closeCause() {
        return crossing.closeCause;
    }

    @Override
    void permitReading() {
        if (closed) {
            return;
        }
        int readAhead = Math.min(READ_AHEAD_BYTES, crossing.config.receiveBufferBytes());
        crossing.readLimit = Math.max(crossing.readLimit, readBytes + readAhead);
        long starvedAt = crossing.readerStarvedAt;
        // Not for every few bytes: the first permission, and then every half of the read-ahead.
        if (starvedAt >= 0 && crossing.readLimit - starvedAt >= (readAhead + 1) / 2) {
            flush();
        }
    }

    @Override
    void shutdownOutput() {
        decide(Farewell.SHUTDOWN_OUTPUT);
    }

    @Override
    void reconfigure(TcpConfig config) {
        crossing.config = config;
        flush();
    }

    @Override
    void close() {
        // RFC 2525 2.17: what the peer sent and nobody will read makes it a reset; the connection cannot know of what is here already.
        leave(isReadable() ? Farewell.ABORT : Farewell.CLOSE);
    }

    @Override
    void abort() {
        leave(Farewell.ABORT);
    }

    @Override
    void closeLingering() {
        lingering = true;
        decide(Farewell.LINGER);
    }

    private void decide(Farewell decision) {
        if (!closed) {
            crossing.farewell = decision;
            flush();
        }
    }

    private void leave(Farewell decision) {
        decide(decision);
        closed = true;
        releaseReceived();
    }

    private void releaseReceived() {
        if (reading != null) {
            reading.release();
            reading = null;
        }
        releaseAll(crossing.received);
    }

    /** The stack's side has published something. */
    private void run() {
        if (closed) {
            releaseReceived();
            return;
        }
        if (!established && !tellOfConnect()) {
            return;
        }
        if (lingering) {
            if (crossing.farewellDone) {
                lingering = false;
                owner.onFarewellDone();
            }
            return;
        }
        if (crossing.writerStarved && roomBytes() > 0) {
            crossing.writerStarved = false;
            owner.onWritable();
        }
        if (!closed) {
            owner.onInput();
        }
    }

    private boolean tellOfConnect() {
        if (crossing.connectFailure != null) {
            closed = true;
            owner.onConnectFailed(crossing.connectFailure);
            return false;
        }
        if (crossing.connected == null) {
            return false;
        }
        established = true;
        owner.onConnected(crossing.connected);
        return !closed;
    }

    private void toStack(boolean accepted) {
        if (!accepted) {
            // The stack's loop has ended, and every connection with it. It told its channels; this one was just too busy to listen.
            other.end(CloseCause.ABORTED);
        }
    }

    @Override
    StackConnection connection() {
        return other.connection();
    }
}
