package io.github.usertcp.tcp;

/**
 * When reading, or a buffer that grows, is worth an ACK of its own because it
 * opens the receive window (RFC 9293 section 3.8.6.2.2; the thresholds are BSD's).
 */
final class WindowUpdates {
    private WindowUpdates() {
    }

    /** The application has read: the buffer may grow, and an ACK may be due. */
    static void bytesRead(Tcb tcb, int bytes, long nowNanos) {
        int segmentBytes = tcb.acks.fullSegment();
        tcb.receiveBuffer.read(bytes, nowNanos, tcb.receiverRtt.rttNanos(), segmentBytes, !tcb.memoryPressure);
        tcb.acks.applicationRead(tcb.receive.unacknowledged(), tcb.receiveQueue.bytes() == 0);
        roomGrew(tcb);
    }

    /** There is more room in the receive buffer than before. */
    static void roomGrew(Tcb tcb) {
        switch (tcb.state()) {
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> {
                if (isWorthAnAck(tcb)) {
                    tcb.acks.acknowledgeNow();
                }
            }
            default -> { } // nothing more will come in
        }
    }

    private static boolean isWorthAnAck(Tcb tcb) {
        long openable = tcb.receive.openable(tcb.freeReceiveBytes());
        int step = tcb.worthwhileWindowStep();
        long buffer = Math.min(tcb.receiveBuffer.bytes(), tcb.receive.largestWindow());
        if (tcb.receive.wnd() < step) {
            return openable >= step; // the peer stands still, or nearly so
        }
        return openable >= 2L * step && (openable >= buffer / 4 || tcb.receive.wnd() <= buffer / 8) || openable >= buffer / 2;
    }
}
