package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpSegment;

/** TCP Fast Open from the client's side (RFC 7413 section 4.2.2): data and cookie on the SYN, and what the SYN-ACK makes of them. */
final class FastOpenClient {
    private FastOpenClient() {
    }

    /** Puts on a SYN that leaves what was offered for it. On a retransmission that is nothing, as Linux does. */
    static void load(Tcb tcb, TcpSegment syn, long nowNanos) {
        FastOpenSyn offer = tcb.fastOpen.takeOffer();
        if (offer == null) {
            return;
        }
        syn.fastOpenCookie(offer.cookie(), offer.experimental());
        int length = Math.min(offer.maxData(), tcb.sendQueue.bytes());
        tcb.fastOpen.synLeft(offer, length);
        if (length > 0) {
            long start = tcb.sendQueue.start();
            syn.payload(tcb.sendQueue.slice(start, length));
            tcb.send.advanceTo(start + length);
            tcb.records.firstSent().sent(start, start + length, nowNanos, tcb.deliveryRate, 0);
            tcb.counters.dataOnSyn(length, nowNanos);
        }
    }

    /** Something did not fit into the path: if it was the SYN with its data, that leaves again at once without it, as in Linux. */
    static void tooBig(Tcb tcb) {
        if (tcb.state() == TcpState.SYN_SENT && tcb.fastOpen.synBytes() > 0 && tcb.synRetransmissions == 0) {
            tcb.synRetransmissions++;
            tcb.outbox.synDue(true);
        }
    }

    /**
     * Our SYN is acknowledged, and with it the data it carried up to {@code ack}. The rest counts as never sent, so that it leaves at once
     * with the ACK: it was refused, not lost, and asks for no recovery.
     */
    static void synAcknowledged(Tcb tcb, TcpSegment segment, long ack) {
        FastOpen fastOpen = tcb.fastOpen;
        if (!fastOpen.isTried()) {
            return;
        }
        long end = tcb.send.nxt();
        long acked = ack - tcb.send.una();
        if (acked > 0) {
            tcb.sendQueue.acknowledge(ack);
            tcb.send.acknowledge(ack);
            tcb.counters.bytesAcked += acked;
            tcb.raise(TcpEvent.WRITABLE);
        }
        if (ack < end) {
            tcb.send.refused(ack);
            tcb.counters.resent((int) (end - ack), 1);
        }
        fastOpen.outcome(learned(tcb, segment, ack < end), fastOpen.synBytes() > 0 && ack == end);
    }

    private static FastOpenOutcome learned(Tcb tcb, TcpSegment synAck, boolean dataRefused) {
        FastOpen fastOpen = tcb.fastOpen;
        byte[] option = fastOpen.isOptionSent() ? synAck.fastOpenCookie() : null; // nobody asked for any other
        boolean brought = option != null && option.length > 0;
        boolean resent = tcb.synRetransmissions > 0;
        return new FastOpenOutcome(brought ? option : null, brought ? synAck.isFastOpenExperimental() : fastOpen.isExperimental(),
            Math.max(0, synAck.mss()), !resent && option == null && fastOpen.isOptionSent() && fastOpen.synBytes() == 0,
            !resent && option == null && dataRefused, resent && option == null && dataRefused);
    }
}
