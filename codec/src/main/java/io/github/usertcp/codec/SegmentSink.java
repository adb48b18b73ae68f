package io.github.usertcp.codec;

/**
 * Takes the segments that come out of a {@link SegmentCoalescer}. Called from within its {@code offer} and {@code flush}, on the
 * caller's thread.
 */
public interface SegmentSink {
    /** A segment, or several made one. Ownership passes. */
    void onSegment(TcpSegment segment);

    /** What was offered is no segment, and is gone. */
    void onDropped(DropReason reason);
}
