package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;

/**
 * A user of one connection on a {@link LossyPath}: writes a stream of known bytes in pieces of any size, reads the peer's in pieces of any size and with
 * pauses, checks every byte, and ends its side when all is written, the connection when both sides have ended.
 */
final class StreamEndpoint {
    private static final int MAX_PIECE = 20_000;

    final TcpConnection connection;
    private final String name;
    private final Random random;
    private final boolean active;
    private final long toWrite;
    private final long toRead;
    private long written;
    private long read;
    private long pausedUntilNanos = Long.MIN_VALUE;
    private boolean connected;
    private boolean closed;

    StreamEndpoint(String name, TcpConnection connection, Random random, boolean active, long toWrite, long toRead) {
        this.name = name;
        this.connection = connection;
        this.random = random;
        this.active = active;
        this.toWrite = toWrite;
        this.toRead = toRead;
    }

    void begin(long nowNanos) {
        if (active) {
            connection.connect(nowNanos);
        } else {
            connection.listen();
        }
    }

    void receive(TcpSegment segment, long nowNanos) {
        connection.onSegment(segment, nowNanos);
        connection.checkInvariants();
    }

    /** The next time something is to be done without a segment. */
    long deadlineNanos() {
        long deadline = connection.deadlineNanos();
        return isPaused() ? Math.min(deadline, pausedUntilNanos) : deadline;
    }

    private boolean isPaused() {
        return pausedUntilNanos != Long.MIN_VALUE;
    }

    /** Timers, events, reading, writing, farewell. */
    void wake(long nowNanos) {
        connection.onTimeout(nowNanos);
        for (TcpEvent event = connection.pollEvent(); event != null; event = connection.pollEvent()) {
            connected |= event == TcpEvent.CONNECTED;
            closed |= event == TcpEvent.CLOSED;
        }
        if (!isPaused() || nowNanos >= pausedUntilNanos) {
            pausedUntilNanos = Long.MIN_VALUE;
            read(nowNanos);
        }
        write(nowNanos);
        connection.checkInvariants();
    }

    private void read(long nowNanos) {
        while (connection.readableBytes() > 0) {
            ByteBuf bytes = connection.read(1 + random.nextInt(MAX_PIECE), nowNanos);
            StreamBytes.check(bytes, read, name + " reads");
            read += bytes.readableBytes();
            bytes.release();
            if (random.nextInt(20) == 0) {
                pausedUntilNanos = nowNanos + random.nextInt(300) * 1_000_000L;
                return;
            }
        }
        if (connection.isInputEnded() && written == toWrite) {
            connection.close(nowNanos);
        }
    }

    private void write(long nowNanos) {
        while (connected && written < toWrite && connection.writableBytes() > 0) {
            int length = (int) Math.min(toWrite - written, 1 + random.nextInt(MAX_PIECE));
            ByteBuf data = Unpooled.wrappedBuffer(StreamBytes.range(written, length));
            written += connection.write(data, nowNanos);
            data.release();
        }
        if (connected && written == toWrite) {
            connection.shutdownOutput(nowNanos);
        }
    }

    TcpSegment poll(long nowNanos) {
        TcpSegment segment = connection.pollSegment(nowNanos, 65_535);
        connection.checkInvariants();
        return segment;
    }

    long retransmissions() {
        return connection.info(0).totalRetrans();
    }

    /** All bytes passed both ways, and both sides said farewell. */
    boolean isDone() {
        return closed && written == toWrite && read == toRead && connection.state() == TcpState.CLOSED
            && connection.closeCause() == CloseCause.NONE;
    }

    String describe() {
        return name + " in " + connection.state() + " (" + connection.closeCause() + "), written " + written + " of " + toWrite + ", read " + read + " of " + toRead;
    }

    @Override
    public String toString() {
        return name;
    }
}
