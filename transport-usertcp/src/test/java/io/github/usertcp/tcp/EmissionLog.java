package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything the connection under test has sent, cut into wire segments, with the time of each, and how far the trace has looked at it. Holds for every
 * segment what no trace should have to repeat: the payload is the stream's, no piece is larger than allowed, and the offered window's right edge stays.
 */
final class EmissionLog {
    /** One wire segment, in relative numbers. */
    record Emission(long timeNanos, TcpSegment segment) {
        @Override
        public String toString() {
            return String.format("%9.3f ms  %s", timeNanos / 1e6, segment);
        }
    }

    private final List<Emission> emissions = new ArrayList<>();
    private int looked;
    private boolean peerScales;
    private int windowShift;
    private long rightEdge;

    /** A SYN of the peer arrives, maybe that of a new connection: our window scale counts if it has one too (RFC 7323 section 2.2). */
    void peerSyn(boolean scales) {
        peerScales = scales;
        rightEdge = 0;
    }

    /** Cuts the segment as a link would (the last piece has FIN and PSH), checks it, and releases it. */
    void add(long timeNanos, TcpSegment wire) {
        try {
            TcpSegment header = RelativeNumbers.ofOurs(wire);
            int total = wire.payloadLength();
            if (total > 65_535) {
                fail("longer than asked for: " + wire);
            }
            int size = wire.segmentSize() > 0 ? wire.segmentSize() : Math.max(1, total);
            if (total > 0 && header.seq() != 0) { // 0 is a probe's byte from before the stream (RFC 9293 section 3.8.4)
                StreamBytes.check(wire.payload(), header.seq() - 1L, "payload of " + wire);
            }
            int offset = 0;
            do {
                int length = Math.min(size, total - offset);
                boolean last = offset + length == total;
                TcpSegment piece = new TcpSegment().copyHeader(header).seq(header.seq() + offset);
                piece.flags(piece.flags() & ~(last ? 0 : TcpFlags.FIN | TcpFlags.PSH) & ~(offset == 0 ? 0 : TcpFlags.CWR));
                piece.payload(Unpooled.wrappedBuffer(new byte[length]));
                emissions.add(new Emission(timeNanos, piece));
                offset += length;
            } while (offset < total);
            checkRightEdge(header);
        } finally {
            wire.release();
        }
    }

    /** RFC 9293 section 3.8.6: shrinking the window is strongly discouraged; rounding to the scale (RFC 7323 section 2.4) is all that may move it. */
    private void checkRightEdge(TcpSegment header) {
        if (header.isSyn()) {
            windowShift = Math.max(0, header.windowScale());
        }
        if (!header.isAck() || header.isRst()) {
            return;
        }
        int shift = header.isSyn() || !peerScales ? 0 : windowShift;
        long edge = header.ack() + ((long) header.window() << shift);
        if (edge <= rightEdge - (1L << shift)) {
            fail("offered window moved left from " + rightEdge + " to " + edge + " by " + header + this);
        }
        rightEdge = Math.max(rightEdge, edge);
    }

    /** Compares the next segments; every one of them must already have been sent. */
    void expect(String... lines) {
        for (String line : lines) {
            next(line);
        }
    }

    /** The same, and each must have been sent at that time. */
    void expectAt(long timeNanos, String... lines) {
        for (String line : lines) {
            Emission emission = next(line);
            if (emission.timeNanos != timeNanos) {
                fail("expected at " + timeNanos / 1e6 + " ms: " + line + "\nbut it was sent at " + emission + this);
            }
        }
    }

    /** The next segment, whatever it is. */
    Emission take() {
        if (looked == emissions.size()) {
            fail("expected a segment, but nothing was sent" + this);
        }
        return emissions.get(looked++);
    }

    private Emission next(String line) {
        if (looked == emissions.size()) {
            fail("expected " + line + "\nbut nothing was sent" + this);
        }
        Emission emission = emissions.get(looked);
        if (!SegmentPattern.parse(line).matches(emission.segment)) {
            fail("expected          " + line + "\nbut sent " + emission + this);
        }
        looked++;
        return emission;
    }

    void expectSilence() {
        if (looked < emissions.size()) {
            fail("expected silence, but sent " + emissions.get(looked) + this);
        }
    }

    /** Everything not looked at so far, which then counts as looked at. */
    List<Emission> takeAll() {
        List<Emission> rest = List.copyOf(emissions.subList(looked, emissions.size()));
        looked = emissions.size();
        return rest;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\nall that was sent (> marks what the trace has not looked at):");
        int from = Math.max(0, emissions.size() - 60);
        for (int i = from; i < emissions.size(); i++) {
            text.append('\n').append(i < looked ? "  " : "> ").append(emissions.get(i));
        }
        return text.toString();
    }
}
