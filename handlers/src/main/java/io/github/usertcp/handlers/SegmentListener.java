package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpSegment;

/** Sees the segments that pass a {@link SegmentTap}, on the link's event loop. It may look, not keep, change or release. */
public interface SegmentListener {
    /** A segment came in: perhaps several that the link has coalesced. */
    void onReceived(TcpSegment segment, long nowNanos);

    /** A segment goes out: perhaps a super-segment that the link is still to cut. */
    void onSent(TcpSegment segment, long nowNanos);
}
