package io.github.usertcp.tcp;

/**
 * What {@link TcpInfo} counts. Written by arrival and transmission, read by {@link TcpConnection#info}; of
 * all of it, only the time of the last departure of data decides anything: whether the sender has been idle.
 */
final class Counters {
    static final long NEVER = Long.MIN_VALUE;

    long segsIn;
    long dataSegsIn;
    long segsOutOfOrder;
    long segsBeyondWindow;
    long segsIntoZeroWindow;
    long bytesReceived;
    long segsOut;
    long dataSegsOut;
    long bytesSent;
    long bytesAcked;
    long bytesRetrans;
    long totalRetrans;
    long duplicateSacks;
    long establishedNanos = NEVER;
    long lastDataSentNanos = NEVER;
    long lastDataRecvNanos = NEVER;
    long lastAckRecvNanos = NEVER;

    void segmentOut(int payloadBytes, int segments, long nowNanos) {
        segsOut += segments;
        if (payloadBytes > 0) {
            dataSegsOut += segments;
            bytesSent += payloadBytes;
            lastDataSentNanos = nowNanos;
        }
    }

    /** The SYN, counted already, carries data (RFC 7413). */
    void dataOnSyn(int payloadBytes, long nowNanos) {
        dataSegsOut++;
        bytesSent += payloadBytes;
        lastDataSentNanos = nowNanos;
    }

    void resent(int payloadBytes, int segments) {
        bytesRetrans += payloadBytes;
        totalRetrans += segments;
    }

    void segmentIn(int payloadBytes, boolean ack, long nowNanos) {
        segsIn++;
        if (payloadBytes > 0) {
            dataSegsIn++;
            lastDataRecvNanos = nowNanos;
        }
        if (ack) {
            lastAckRecvNanos = nowNanos;
        }
    }
}
