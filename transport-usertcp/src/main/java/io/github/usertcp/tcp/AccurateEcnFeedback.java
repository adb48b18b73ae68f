package io.github.usertcp.tcp;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpSegment;

/**
 * The data sender of accurate ECN (RFC 9768 section 3.2): makes of the three bits and the option of each ACK how many of the packets it
 * delivered had been marked. The idea: three bits say the number modulo 8; where an ACK delivers so many packets that this is ambiguous,
 * the option's bytes decide, and without them the greatest number that fits is believed, because to overlook congestion is worse.
 *
 * <p>Source: RFC 9768 sections 3.2.2.5.2 and 3.2.3.2 and appendix A, with the thresholds of Linux.
 * <pre>
 *   delta      = (ACE - 5 - marks known) mod 8
 *   safeDelta  = delivered - (delivered - delta) mod 8          the greatest number &lt;= delivered that is delta modulo 8
 * </pre>
 * Units are packets unless a name says bytes. Byte counters are 64 bits, unwrapped from 24.
 */
final class AccurateEcnFeedback {
    /** No counter has moved alone of late. */
    private static final int NO_FIELD = -1;
    private static final int COUNTER_BITS = 24;
    /** RFC 9768 section 3.2.3.2.3: once so many bytes have left without any option coming back, a first one would be ambiguous. */
    private static final long TOO_LATE_BYTES = (1 << 23) - 1;

    private enum Option { NOT_SEEN, SEEN_EMPTY, SEEN, BROKEN }

    private Option option = Option.NOT_SEEN;
    private long marks;
    private long e0b;
    private long ceb;
    private long e1b;
    /** The counter that moved alone with the last option: while options are lost, bytes delivered are taken to be of that kind. */
    private int likelyField = NO_FIELD;
    /** How many bytes marked the last ACK told of, -1 if it did not tell. */
    private long lastMarkedBytes;

    /** Marks told by a handshake. */
    void countHandshakeMark() {
        marks++;
    }

    /** RFC 9768 section 3.2.3.2.4: the first option, of a handshake or later. Fields that must not be 0 and are show that it is mangled. */
    void optionSeen(TcpSegment segment) {
        if (option == Option.NOT_SEEN || option == Option.SEEN_EMPTY) {
            if (segment.e0b() == 0 || segment.e1b() == 0) {
                option = Option.BROKEN;
            } else {
                option = segment.ecnFields() > 0 ? Option.SEEN : Option.SEEN_EMPTY;
            }
        }
    }

    /**
     * An ACK that is not an old one arrived.
     *
     * @param delivered       packets it says have arrived
     * @param deliveredBytes  their payload
     * @param smss            bytes of a full one
     * @param sentBytes       payload sent since the connection began
     * @return how many of them were marked
     */
    long acknowledged(TcpSegment ack, long delivered, long deliveredBytes, int smss, long sentBytes) {
        long before = ceb;
        boolean told = readOption(ack, deliveredBytes, sentBytes);
        lastMarkedBytes = told ? Math.max(0, ceb - before) : -1;
        long delta = AceField.of(ack.flags()) - AceField.INITIAL_COUNT - marks & AceField.MASK;
        long news = delivered <= AceField.MASK ? delta : ambiguous(delta, delivered, deliveredBytes, smss);
        marks += news;
        return news;
    }

    private long ambiguous(long delta, long delivered, long deliveredBytes, int smss) {
        long safeDelta = delivered - (delivered - delta & AceField.MASK);
        if (lastMarkedBytes < 0) {
            return safeDelta;
        }
        if (lastMarkedBytes == 0) {
            return delta;
        }
        if (delivered >= 2L * (AceField.MASK + 1)) {
            if (deliveredBytes <= lastMarkedBytes) {
                return safeDelta;
            }
            long estimate = (lastMarkedBytes * delivered + deliveredBytes - 1) / deliveredBytes;
            return Math.min(safeDelta, delta + (estimate & ~AceField.MASK));
        }
        if (lastMarkedBytes > delta * smss) {
            return safeDelta;
        }
        return lastMarkedBytes < safeDelta * smss / 2 ? delta : safeDelta;
    }

    /** @return true if the counters now are those of the peer, as far as anybody can tell */
    private boolean readOption(TcpSegment ack, long deliveredBytes, long sentBytes) {
        if (option == Option.BROKEN) {
            return false;
        }
        if (ack.ecnFields() == TcpSegment.ABSENT) {
            if (option == Option.NOT_SEEN && sentBytes >= TOO_LATE_BYTES) {
                option = Option.BROKEN;
            }
            if (option == Option.NOT_SEEN || likelyField == NO_FIELD) {
                return false;
            }
            add(likelyField, deliveredBytes);
            return true;
        }
        optionSeen(ack);
        return readCounters(ack);
    }

    private boolean readCounters(TcpSegment ack) {
        int likely = likelyField;
        long d0 = delta(ack.e0b(), AccurateEcnReceiver.INITIAL_E0B, e0b);
        long dCe = delta(ack.ceb(), AccurateEcnReceiver.INITIAL_CEB, ceb);
        long d1 = delta(ack.e1b(), AccurateEcnReceiver.INITIAL_E1B, e1b);
        e0b += d0;
        ceb += dCe;
        e1b += d1;
        int turned = 0;
        if (d0 != 0 && likely != EcnCodepoint.ECT_0) {
            likelyField = EcnCodepoint.ECT_0;
            turned++;
        }
        if (dCe != 0 && likely != EcnCodepoint.CE) {
            likelyField = EcnCodepoint.CE;
            turned++;
        }
        if (d1 != 0 && likely != EcnCodepoint.ECT_1) {
            likelyField = EcnCodepoint.ECT_1;
            turned++;
        }
        // Backwards: an ACK that was overtaken by another. Two that begin to move at once: nobody knows what lost options had said.
        if (turned > 1 || d0 < 0 || dCe < 0 || d1 < 0) {
            likelyField = NO_FIELD;
            return false;
        }
        return likely != NO_FIELD;
    }

    /** How far a counter has moved, its 24 bits taken for the nearest value they can mean. */
    private static long delta(int field, int initial, long known) {
        return field == TcpSegment.ABSENT ? 0 : (field - initial - (int) known) << 32 - COUNTER_BITS >> 32 - COUNTER_BITS;
    }

    private void add(int field, long bytes) {
        switch (field) {
            case EcnCodepoint.ECT_0 -> e0b += bytes;
            case EcnCodepoint.CE -> ceb += bytes;
            default -> e1b += bytes;
        }
    }

    boolean hasSeenOption() {
        return option != Option.NOT_SEEN;
    }

    /** How many of the bytes that the last ACK delivered were marked, -1 if it did not tell. */
    long lastMarkedBytes() {
        return lastMarkedBytes;
    }

    long marks() {
        return marks;
    }

    long e0b() {
        return e0b;
    }

    long ceb() {
        return ceb;
    }

    long e1b() {
        return e1b;
    }
}
