package io.github.usertcp.examples;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.SegmentListener;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Keeps the first and the last few segments of a connection as lines of packetdrill text: seconds since the first, direction, segment.
 * Sequence numbers count from the start of the connection, as a reader likes them.
 */
final class SegmentLog implements SegmentListener {
    private static final int KEPT = 10;

    private final List<Seen> first = new ArrayList<>();
    private final Deque<Seen> last = new ArrayDeque<>();
    private long count;
    private int localIss;
    private int remoteIss;

    /** A header with sequence numbers made relative; text is made of it only if it is still kept at the end. */
    private record Seen(long nanos, char direction, TcpSegment header, int payloadBytes) {
        String toLine(long startNanos) {
            header.payload(Unpooled.wrappedBuffer(new byte[payloadBytes])); // text shows its length only
            return String.format("%.6f %c %s", (nanos - startNanos) / 1e9, direction, header);
        }
    }

    @Override
    public void onSent(TcpSegment segment, long nowNanos) {
        if (segment.isSyn()) {
            localIss = segment.seq();
        }
        keep('>', segment, localIss, remoteIss, nowNanos);
    }

    @Override
    public void onReceived(TcpSegment segment, long nowNanos) {
        if (segment.isSyn()) {
            remoteIss = segment.seq();
        }
        keep('<', segment, remoteIss, localIss, nowNanos);
    }

    /** The lines, with a note of how many were left out in between. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        first.forEach(seen -> lines.add(seen.toLine(first.get(0).nanos())));
        if (count > first.size() + last.size()) {
            lines.add("... " + (count - first.size() - last.size()) + " more ...");
        }
        last.forEach(seen -> lines.add(seen.toLine(first.get(0).nanos())));
        return lines;
    }

    private void keep(char direction, TcpSegment segment, int iss, int peerIss, long nowNanos) {
        count++;
        TcpSegment header = new TcpSegment().copyHeader(segment).seq(segment.seq() - iss);
        if (segment.isAck()) {
            header.ack(segment.ack() - peerIss);
        }
        Seen seen = new Seen(nowNanos, direction, header, segment.payloadLength());
        if (first.size() < KEPT) {
            first.add(seen);
            return;
        }
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(seen);
    }
}
