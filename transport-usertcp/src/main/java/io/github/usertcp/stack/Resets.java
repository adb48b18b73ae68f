package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import java.util.concurrent.TimeUnit;

/** RSTs that answer segments of no connection, from a token bucket that holds a fifth of a second's worth. */
final class Resets {
    private final TcpStack stack;
    private final long nanosPerToken;
    private final long capacityNanos;
    private long creditNanos;
    private long filledNanos;

    /** At most so many a second, 0 for none at all. */
    Resets(TcpStack stack, int perSecond, long nowNanos) {
        this.stack = stack;
        nanosPerToken = perSecond == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(1) / perSecond;
        capacityNanos = perSecond == 0 ? 0 : Math.max(nanosPerToken, TimeUnit.MILLISECONDS.toNanos(200));
        creditNanos = capacityNanos;
        filledNanos = nowNanos;
    }

    /** Answers a segment nobody expects by RST, unless it is one itself, or there were too many of late. */
    void answer(TcpSegment segment, long nowNanos) {
        TcpSegment reset = resetFor(segment);
        if (reset != null) {
            if (take(nowNanos)) {
                stack.stats().count(StackCounter.RESETS_SENT);
                stack.batch.write(reset);
            } else {
                stack.stats().count(StackCounter.RESETS_SUPPRESSED);
            }
        }
    }

    /** The RST for a segment nobody expects, with the numbers of RFC 9293 section 3.10.7.1; {@code null} in answer to a RST. */
    static TcpSegment resetFor(TcpSegment segment) {
        if (segment.isRst()) {
            return null;
        }
        TcpSegment reset = new TcpSegment().source(segment.destination(), segment.destinationPort())
            .destination(segment.source(), segment.sourcePort()).udpPorts(segment.destinationUdpPort(), segment.sourceUdpPort())
            .flags(TcpFlags.RST);
        return segment.isAck() ? reset.seq(segment.ack()) : reset.seq(0).ack(segment.seq() + segment.sequenceLength());
    }

    private boolean take(long nowNanos) {
        creditNanos = Math.min(capacityNanos, creditNanos + nowNanos - filledNanos);
        filledNanos = nowNanos;
        if (creditNanos < nanosPerToken) {
            return false;
        }
        creditNanos -= nanosPerToken;
        return true;
    }
}
