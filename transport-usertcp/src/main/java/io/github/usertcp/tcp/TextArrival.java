package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;

/**
 * Seventh and eighth step (RFC 9293 section 3.10.7.4): the segment's text, and its FIN in its turn. Urgent data (sixth step) is text like
 * any other, and its pointer is never looked at: stacks have been broken by the arithmetic on it.
 */
final class TextArrival {
    private TextArrival() {
    }

    static void segment(Tcb tcb, TcpSegment segment, long seq, long nowNanos) {
        if (!takesText(tcb.state())) {
            return;
        }
        int length = segment.payloadLength();
        if (segment.isFin()) {
            tcb.ends.peerFinAt(seq + length);
        }
        if (tcb.ends.isAbandoned() && Math.min(seq + length, tcb.ends.inputLimit()) > tcb.receive.nxt()) {
            // Section 3.6.1: nobody will ever read this, and the peer must not believe that somebody did.
            tcb.outbox.reset(Handshake.resetFor(segment, tcb.tuple));
            tcb.enter(TcpState.CLOSED, CloseCause.ABORTED);
            return;
        }
        if (length > 0) {
            text(tcb, segment, seq, nowNanos);
        }
        if (tcb.ends.isPeerFinNext(tcb.receive.nxt())) {
            fin(tcb, nowNanos);
        } else if (segment.isFin()) {
            tcb.acks.acknowledgeNow(); // out of order: the ACK says what is missing
        }
    }

    private static boolean takesText(TcpState state) {
        return state == TcpState.ESTABLISHED || state == TcpState.FIN_WAIT_1 || state == TcpState.FIN_WAIT_2;
    }

    private static void text(Tcb tcb, TcpSegment segment, long seq, long nowNanos) {
        long nxt = tcb.receive.nxt();
        int length = segment.payloadLength();
        int segmentBytes = segment.segmentSize() > 0 ? segment.segmentSize() : length;
        ByteBuf text = trim(tcb, segment, seq);
        reportDuplicates(tcb, seq, text == null ? seq + segment.payloadLength() : Math.max(seq, nxt) + text.readableBytes());
        if (text == null) {
            if (seq == nxt && tcb.receive.wnd() == 0) {
                tcb.counters.segsIntoZeroWindow++;
            }
            tcb.acks.answerRepeated(tcb.receive.wnd(), tcb.config); // nothing new, or no room
            return;
        }
        if (seq > nxt) {
            tcb.reassembly.add(seq, text, reassemblyBudget(tcb));
            tcb.sacks.queued(seq, tcb.reassembly);
            int segments = Math.max(1, length / segmentBytes);
            tcb.counters.segsOutOfOrder += segments;
            tcb.acks.outOfOrder(segments, tcb.negotiated.sack());
            return;
        }
        if (!tcb.reassembly.isEmpty()) {
            tcb.acks.acknowledgeNow(); // RFC 5681 4.2: it fills in all or part of a gap
        }
        deliverWithQueued(tcb, text);
        tcb.raise(TcpEvent.READABLE);
        learnFrom(tcb, segment, segmentBytes, nowNanos);
        acknowledge(tcb, nowNanos);
    }

    /** What a segment in order tells about the peer and the path. */
    private static void learnFrom(Tcb tcb, TcpSegment segment, int segmentBytes, long nowNanos) {
        tcb.acks.measure(Math.min(segmentBytes, tcb.announcedMss()), segment.hasFlags(TcpFlags.PSH) || segment.isFin());
        tcb.acks.dataArrives(nowNanos, tcb.rtt.rtoNanos(tcb.config), tcb.receive.wnd(), tcb.config);
        if (tcb.negotiated.timestamps() && segment.hasTimestamps() && segmentBytes >= tcb.acks.fullSegment()) {
            tcb.receiverRtt.echoed(segment.tsEcr(), Handshake.tsVal(nowNanos, tcb.negotiated.tsOffset()));
        }
        tcb.receiverRtt.advanced(tcb.receive.nxt(), tcb.receive.edge(), nowNanos);
    }

    /** Text or a FIN was taken in its turn. */
    private static void acknowledge(Tcb tcb, long nowNanos) {
        if (tcb.receive.wnd() < tcb.acks.fullSegment()) {
            tcb.acks.acknowledgeNow(); // the peer has used up the window, and can do nothing but wait
        }
        if (tcb.acks.mayWait(tcb.receive.unacknowledged(), tcb.config)) {
            Timeouts.startDelayedAck(tcb, nowNanos);
        }
    }

    /** RFC 2883 section 4.2: what of the text, which ends at {@code end}, was delivered before or is in the queue. */
    private static void reportDuplicates(Tcb tcb, long seq, long end) {
        if (!tcb.reportsDuplicates()) {
            return;
        }
        long nxt = tcb.receive.nxt();
        if (seq < nxt) {
            tcb.sacks.duplicate(seq, Math.min(end, nxt));
        }
        if (end > nxt) {
            tcb.sacks.duplicatesIn(tcb.reassembly, Math.max(seq, nxt), end);
        }
    }

    /** Those bytes that lie in the window and before the peer's FIN, taken from the segment; {@code null} if there are none. */
    private static ByteBuf trim(Tcb tcb, TcpSegment segment, long seq) {
        long from = Math.max(seq, tcb.receive.nxt());
        long to = Math.min(Math.min(seq + segment.payloadLength(), tcb.receive.edge()), tcb.ends.inputLimit());
        if (from >= to) {
            return null;
        }
        ByteBuf text = segment.takePayload();
        text.skipBytes((int) (from - seq));
        return text.writerIndex(text.readerIndex() + (int) (to - from));
    }

    /**
     * Text that begins at RCV.NXT, woven with what had arrived out of order,
     * where the byte accepted first wins. Takes ownership of the text.
     */
    private static void deliverWithQueued(Tcb tcb, ByteBuf text) {
        ReassemblyQueue queued = tcb.reassembly;
        long end = tcb.receive.nxt() + text.readableBytes();
        while (!queued.isEmpty() && queued.rangeStart(0) <= end) {
            int before = (int) (queued.rangeStart(0) - tcb.receive.nxt());
            if (before > 0) {
                deliver(tcb, text.readRetainedSlice(before));
            }
            int inPlace = deliver(tcb, queued.pollAt(tcb.receive.nxt()));
            text.skipBytes(Math.min(inPlace, text.readableBytes()));
            end = Math.max(end, tcb.receive.nxt());
        }
        if (text.isReadable()) {
            deliver(tcb, text);
        } else {
            text.release();
        }
    }

    /** Text that begins at RCV.NXT, to the application. Takes ownership of it. */
    static int deliver(Tcb tcb, ByteBuf text) {
        int length = text.readableBytes();
        tcb.receiveQueue.append(text);
        tcb.receive.advanceTo(tcb.receive.nxt() + length);
        tcb.counters.bytesReceived += length;
        return length;
    }

    /** A quarter more than the buffer, because memory is charged as held; nothing while the stack is short of it. */
    private static long reassemblyBudget(Tcb tcb) {
        long buffer = tcb.receiveBuffer.bytes();
        return tcb.memoryPressure ? 0 : buffer + buffer / 4;
    }

    private static void fin(Tcb tcb, long nowNanos) {
        tcb.ends.endInput();
        tcb.receive.advanceTo(tcb.receive.nxt() + 1);
        tcb.reassembly.release();
        tcb.raise(TcpEvent.END_OF_INPUT);
        switch (tcb.state()) {
            case ESTABLISHED -> {
                tcb.enter(TcpState.CLOSE_WAIT, CloseCause.NONE);
                tcb.acks.finArrives();
                acknowledge(tcb, nowNanos);
            }
            case FIN_WAIT_1 -> {
                tcb.enter(TcpState.CLOSING, CloseCause.NONE); // had our FIN been acknowledged, this were FIN-WAIT-2
                tcb.acks.acknowledgeNow();
            }
            case FIN_WAIT_2 -> {
                Timeouts.enterTimeWait(tcb, nowNanos);
                tcb.acks.acknowledgeNow();
            }
            default -> throw new AssertionError(tcb.state());
        }
    }
}
