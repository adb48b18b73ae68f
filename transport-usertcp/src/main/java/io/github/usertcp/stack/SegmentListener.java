package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpSegment;

/**
 * Sees the segments that pass between a stack and its link, on their event loop. It may look, not keep, change or release. What it throws
 * is logged, and the segment goes on its way.
 */
public interface SegmentListener {
    /** A segment came in: perhaps several that the link has coalesced. */
    void onReceived(TcpSegment segment, long nowNanos);

    /** A segment goes out: perhaps a super-segment that the link is still to cut. */
    void onSent(TcpSegment segment, long nowNanos);
}
