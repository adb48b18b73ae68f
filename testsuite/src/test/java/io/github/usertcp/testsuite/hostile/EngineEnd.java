package io.github.usertcp.testsuite.hostile;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpEvent;
import io.github.usertcp.tcp.TcpState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;

/**
 * One connection and its user: writes a stream whose every byte is known, in pieces of any size; reads the peer's, sometimes slowly, and
 * compares; ends its own stream; closes when the peer has ended too.
 */
final class EngineEnd {
    private final TcpConnection tcp;
    private final SplittableRandom random;
    private final int bytesToSend;
    private final int peerKey;
    private final int key;
    private int sent;
    private int received;
    private boolean closed;
    private boolean toldClosed;

    /**
     * A user of a connection.
     *
     * @param key      tells this end's stream from others
     * @param peerKey  key of the stream to expect
     */
    EngineEnd(TcpConnection tcp, int bytesToSend, int key, int peerKey, SplittableRandom random) {
        this.tcp = tcp;
        this.bytesToSend = bytesToSend;
        this.key = key;
        this.peerKey = peerKey;
        this.random = random;
    }

    TcpConnection tcp() {
        return tcp;
    }

    int received() {
        return received;
    }

    /** Does what a user does when told that something happened. */
    void act(long nowNanos) {
        for (TcpEvent event = tcp.pollEvent(); event != null; event = tcp.pollEvent()) {
            assertFalse(toldClosed, () -> "an event after CLOSED: " + this);
            toldClosed = event == TcpEvent.CLOSED;
            assertTrue(!toldClosed || tcp.state() == TcpState.CLOSED || tcp.state() == TcpState.TIME_WAIT, () -> "told closed in " + tcp.state());
        }
        read(nowNanos);
        write(nowNanos);
        if (tcp.isInputEnded() && sent == bytesToSend && !closed) {
            closed = true;
            tcp.close(nowNanos);
        }
    }

    private void read(long nowNanos) {
        while (tcp.readableBytes() > 0) {
            ByteBuf bytes = tcp.read(random.nextInt(1, 100_000), nowNanos);
            ByteBuf expected = stream(peerKey, received, bytes.readableBytes());
            assertTrue(ByteBufUtil.equals(expected, bytes), () -> "wrong octets from " + received + " on: " + this);
            received += bytes.readableBytes();
            bytes.release();
            expected.release();
        }
    }

    private void write(long nowNanos) {
        while (sent < bytesToSend && tcp.writableBytes() > 0) {
            ByteBuf bytes = stream(key, sent, Math.min(bytesToSend - sent, random.nextInt(1, 20_000)));
            sent += tcp.write(bytes, nowNanos);
            bytes.release();
        }
        if (sent == bytesToSend) {
            tcp.shutdownOutput(nowNanos);
        }
    }

    /** Part of an endless stream in which no two places look alike. */
    private static ByteBuf stream(int key, int offset, int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) ((offset + i) * 0x9E37_79B9 + key >>> 24);
        }
        return Unpooled.wrappedBuffer(octets);
    }

    @Override
    public String toString() {
        return tcp + " sent " + sent + " of " + bytesToSend + ", received " + received;
    }
}
