package io.github.usertcp.tcp;

/**
 * Whether the congestion window limits the sender. A window that the application or the peer's window leaves unused has not
 * been tested against the network and must not grow (RFC 7661 section 3; the per-window bookkeeping is that of Linux). Bytes.
 */
final class CwndUsage {
    private long windowEnd;
    private long mostInFlight;
    private boolean limited;
    private boolean limitedInWindow;

    void start(long una) {
        windowEnd = una;
    }

    /** Data was sent. */
    void sent(long pipeBytes, long cwndBytes, SendSpace send) {
        if (send.una() >= windowEnd) {
            windowEnd = send.nxt();
            mostInFlight = 0;
            limited = limitedInWindow;
            limitedInWindow = false;
        }
        mostInFlight = Math.max(mostInFlight, pipeBytes);
        if (pipeBytes >= cwndBytes) {
            blocked();
        }
    }

    /** There was data to send and no congestion window to send it in. */
    void blocked() {
        limited = true;
        limitedInWindow = true;
    }

    boolean isCwndLimited(long cwndBytes, long ssthreshBytes) {
        // In slow start a window half used may double: it will be used by the time it has grown (Linux tcp_is_cwnd_limited).
        return limited || cwndBytes < ssthreshBytes && cwndBytes < 2 * mostInFlight;
    }
}
