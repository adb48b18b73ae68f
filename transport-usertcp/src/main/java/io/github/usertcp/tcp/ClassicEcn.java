package io.github.usertcp.tcp;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * Both ends of RFC 3168 section 6.1: the receiver that says ECE from a mark on until the sender says CWR, and the sender's CWR. For
 * congestion controls that need to know how much was marked, the receiver of RFC 8257 section 3.2 instead, whose ECE says of exactly the
 * bytes an ACK acknowledges whether they were marked; an ACK that waited when that changes then leaves by itself with the old word.
 */
final class ClassicEcn {
    /** Changes within one read batch that are told one by one; it takes a batch of alternating marks to see more. */
    private static final int MAX_EARLIER_ACKS = 16;
    /** Linux: after a mark the sender's window may be so small that it waits for each ACK. */
    private static final int QUICK_ACKS_AFTER_MARK = 2;

    private boolean echo;
    private boolean cwrDue;
    private boolean seen;
    private long[] earlierAcks;
    private int earlierAckCount;

    /** Text arrived that lies in the window. */
    void textArrived(Tcb tcb, TcpSegment segment, boolean exact) {
        if (segment.hasFlags(TcpFlags.CWR)) {
            echo = false;
            tcb.acks.acknowledgeNow(); // the sender has reduced its window, maybe to one segment
        }
        int field = segment.ecn();
        if (field == EcnCodepoint.NOT_ECT) {
            if (seen) {
                tcb.acks.quick(QUICK_ACKS_AFTER_MARK, tcb.config); // Linux: a retransmission, as those are not ECN-capable
            }
            return;
        }
        seen = true;
        if (exact) {
            echoExactly(tcb, field == EcnCodepoint.CE);
        } else if (field == EcnCodepoint.CE && !echo) {
            echo = true;
            tcb.acks.quick(QUICK_ACKS_AFTER_MARK, tcb.config);
        }
    }

    private void echoExactly(Tcb tcb, boolean marked) {
        if (marked == echo) {
            return;
        }
        if (tcb.receive.nxt() > tcb.receive.lastAckSent() && earlierAckCount < MAX_EARLIER_ACKS) {
            if (earlierAcks == null) {
                earlierAcks = new long[MAX_EARLIER_ACKS];
            }
            earlierAcks[earlierAckCount++] = tcb.receive.nxt() << 1 | (echo ? 1 : 0);
        }
        echo = marked;
        tcb.acks.acknowledgeNow();
    }

    boolean hasEarlierAck() {
        return earlierAckCount > 0;
    }

    /** Makes an ACK one of what had arrived before the marks changed. */
    void takeEarlierAck(TcpSegment ack) {
        long earlier = earlierAcks[0];
        earlierAckCount--;
        System.arraycopy(earlierAcks, 1, earlierAcks, 0, earlierAckCount);
        ack.ack(SequenceNumbers.wrap(earlier >> 1)).flags(ack.flags() & ~TcpFlags.ECE | ((earlier & 1) != 0 ? TcpFlags.ECE : 0));
    }

    /** RFC 3168 section 6.1.2: the next new data tells that the window has been reduced, for whatever reason. */
    void windowReduced() {
        cwrDue = true;
    }

    void reductionUndone() {
        cwrDue = false;
    }

    /** Flags of a segment that leaves. */
    int flags(boolean newData) {
        int flags = echo ? TcpFlags.ECE : 0;
        if (newData && cwrDue) {
            cwrDue = false;
            flags |= TcpFlags.CWR;
        }
        return flags;
    }

    boolean isSeen() {
        return seen;
    }
}
