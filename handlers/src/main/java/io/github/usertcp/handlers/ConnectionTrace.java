package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Writes what happens to one connection as JSON lines, an event a line, for a tool to draw or a script to count.
 *
 * <pre>
 *   {"t":1032000000,"c":"a","k":"send","seq":1449,"end":2897,"cwnd":14480,"ssthresh":null,"srtt":50112,"flight":2896,"state":"ESTABLISHED"}
 *   {"t":1082000000,"c":"a","k":"sack","blocks":[[17377,18825]],"cwnd":...}
 * </pre>
 *
 * <p>Every line has the time {@code t} in nanoseconds, the connection's name {@code c}, the kind {@code k}, and what the connection knew
 * then: {@code cwnd}, {@code ssthresh} (null if never set) and {@code flight} in bytes, {@code srtt} in microseconds, {@code state}; all
 * null where nobody could be asked. Kinds, and what they add:
 * <ul>
 * <li>{@code send}, {@code resend}: data, SYN or FIN leaves; {@code seq} to {@code end}, of which a resend has sent some before</li>
 * <li>{@code recv}: data, SYN or FIN of the peer; {@code seq} to {@code end} in the peer's numbers</li>
 * <li>{@code ack}: the peer acknowledges {@code ack} and offers room up to {@code edge} (window scaling considered)</li>
 * <li>{@code sack}: the peer has {@code blocks} out of order, or, below {@code ack}, twice</li>
 * <li>{@code mark}: the peer echoes a congestion mark (ECE)</li>
 * <li>{@code loss}: {@code lost} bytes in all are now believed lost, more than before</li>
 * <li>{@code cwnd}, {@code state}: it is another one than before</li>
 * </ul>
 * Numbers count from 0 at the connection's SYN and do not wrap. Not thread-safe.
 */
public final class ConnectionTrace {
    private final Appendable out;
    private final String name;
    private final StringBuilder line = new StringBuilder(256);
    private final UnwrappedNumbers own = new UnwrappedNumbers();
    private final UnwrappedNumbers peers = new UnwrappedNumbers();
    private TcpInfo info;
    private long sentEnd;

    /**
     * The trace of a connection that has not begun, or whose beginning nobody saw.
     *
     * @param out   takes whole lines, each in one call
     * @param name  of the connection, for a reader of several in one file
     */
    public ConnectionTrace(Appendable out, String name) {
        this.out = Objects.requireNonNull(out, "out");
        this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * A segment leaves, perhaps a super-segment.
     *
     * @param now  what the connection knows, {@code null} for the same as before
     * @throws UncheckedIOException if it cannot be written
     */
    public void onSent(TcpSegment segment, TcpInfo now, long nowNanos) {
        update(now, nowNanos);
        int length = segment.sequenceLength();
        if (length == 0) {
            return;
        }
        long seq = own.unwrap(segment.seq(), segment.isSyn());
        boolean again = seq < sentEnd;
        sentEnd = Math.max(sentEnd, seq + length);
        begin(nowNanos, again ? "resend" : "send").append(",\"seq\":").append(seq).append(",\"end\":").append(seq + length);
        end();
    }

    /** A segment came in, perhaps several joined; otherwise as {@link #onSent}. */
    public void onReceived(TcpSegment segment, TcpInfo now, long nowNanos) {
        update(now, nowNanos);
        int length = segment.sequenceLength();
        if (length > 0) {
            long seq = peers.unwrap(segment.seq(), segment.isSyn());
            begin(nowNanos, "recv").append(",\"seq\":").append(seq).append(",\"end\":").append(seq + length);
            end();
        }
        if (!segment.isAck() || segment.isRst()) {
            return;
        }
        long ack = own.unwrap(segment.ack(), false);
        int scale = segment.isSyn() || info == null ? 0 : Math.max(0, info.sndWscale());
        begin(nowNanos, "ack").append(",\"ack\":").append(ack).append(",\"edge\":").append(ack + ((long) segment.window() << scale));
        end();
        if (segment.sackBlockCount() > 0) {
            sack(segment, nowNanos);
        }
        if (segment.hasFlags(TcpFlags.ECE) && !segment.isSyn()) {
            begin(nowNanos, "mark");
            end();
        }
    }

    private void sack(TcpSegment segment, long nowNanos) {
        begin(nowNanos, "sack").append(",\"blocks\":[");
        for (int i = 0; i < segment.sackBlockCount(); i++) {
            line.append(i == 0 ? "[" : ",[").append(own.unwrap(segment.sackLeft(i), false)).append(',')
                .append(own.unwrap(segment.sackRight(i), false)).append(']');
        }
        line.append(']');
        end();
    }

    /** Something may have changed without a segment: tells of a new state, a new window, new losses. */
    public void update(TcpInfo now, long nowNanos) {
        if (now == null) {
            return;
        }
        TcpInfo before = info;
        info = now;
        if (before == null || before.state() != now.state()) {
            begin(nowNanos, "state");
            end();
        }
        if (before != null && now.lost() > before.lost()) {
            begin(nowNanos, "loss").append(",\"lost\":").append(now.lost());
            end();
        }
        if (before == null || before.sndCwnd() != now.sndCwnd() || before.sndSsthresh() != now.sndSsthresh()) {
            begin(nowNanos, "cwnd");
            end();
        }
    }

    private StringBuilder begin(long nowNanos, String kind) {
        line.setLength(0);
        return line.append("{\"t\":").append(nowNanos).append(",\"c\":\"").append(name).append("\",\"k\":\"").append(kind).append('"');
    }

    private void end() {
        if (info == null) {
            line.append(",\"cwnd\":null,\"ssthresh\":null,\"srtt\":null,\"flight\":null,\"state\":null");
        } else {
            line.append(",\"cwnd\":").append(info.sndCwnd()).append(",\"ssthresh\":");
            if (info.sndSsthresh() == Long.MAX_VALUE) {
                line.append("null");
            } else {
                line.append(info.sndSsthresh());
            }
            line.append(",\"srtt\":").append(info.rtt()).append(",\"flight\":").append(flight())
                .append(",\"state\":\"").append(info.state()).append('"');
        }
        try {
            out.append(line.append("}\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** RFC 6675 section 4's pipe without what only SACK tells. */
    private long flight() {
        return Math.max(0, info.unacked() - info.lost() + info.retransOut());
    }

    /** Wire numbers of one direction as offsets from the first that was seen. */
    private static final class UnwrappedNumbers {
        private boolean started;
        private int lastWire;
        private long last;

        long unwrap(int wire, boolean isSyn) {
            if (!started) {
                started = true;
                lastWire = wire;
                last = isSyn ? 0 : 1;
            }
            long offset = last + (wire - lastWire);
            lastWire = wire;
            last = offset;
            return offset;
        }
    }
}
