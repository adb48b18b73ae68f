package io.github.usertcp.stack;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import java.util.Map;

/** What a {@link Link} tells its stack, on the link's event loop. */
public interface LinkReceiver {
    /**
     * A segment, or several coalesced into one, came in; headers and addresses that no TCP sends are dropped by the link, see {@link
     * io.github.usertcp.codec.TcpHeaderReader}. Ownership passes.
     *
     * @param nowNanos  read once per read batch, at ingress, from the event loop's ticker
     */
    void onSegment(TcpSegment segment, long nowNanos);

    /** The read batch is over: time to deliver, answer and flush. */
    void onReadComplete(long nowNanos);

    /** A packet was thrown away before it became a segment. */
    void onDropped(DropReason reason);

    /** The link, full before, has room again. */
    void onWritable();

    /**
     * The network reports an error about a TCP segment that was sent over plain IP, as {@link io.github.usertcp.codec.IcmpMessage} has read
     * it. Part of the read batch, like {@link #onSegment}; whose segment that was, and whether to believe it, is not the link's business.
     */
    void onIcmp(IcmpError error, long nowNanos);

    /**
     * A segment that came in by another link with the same addresses, where there is no connection for it; outside of read batches.
     *
     * @return true, and ownership passes, if something here is what it is for; default false
     */
    default boolean onStray(TcpSegment segment, long nowNanos) {
        return false;
    }

    /** The same of an ICMP error. */
    default boolean onStray(IcmpError error, long nowNanos) {
        return false;
    }

    /** A segment that this stack has {@linkplain Link#passOn passed on} is for nobody; outside of read batches. Ownership passes. */
    default void onUnclaimed(TcpSegment segment, long nowNanos) {
        segment.release();
    }

    /** The same of an ICMP error. */
    default void onUnclaimed(IcmpError error, long nowNanos) {
    }

    /**
     * The network says that nobody listens on that address and UDP port, of segments that were sent over UDP. Of
     * these it tells no more, and not through a read batch: the kernel reads the ICMP messages and asks nobody.
     */
    void onUnreachable(IpAddress remote, int udpPort, long nowNanos);

    /**
     * Something did not leave because this host sends no packets as large as that to some addresses. Not part of a read batch, and not
     * told from within a {@code link.flush}.
     *
     * @param pathMtus  how large packets to each of them may be, in bytes, as {@link Link#pathMtu} tells; not modified by anybody
     */
    void onTooBig(Map<IpAddress, Integer> pathMtus, long nowNanos);

    /**
     * The event loop is about to take the link away: every {@code link.write} made during this call is still sent. The stack says its
     * farewells here. Followed by {@link #onClosed}.
     */
    void onClosing();

    /** What the link is made of has failed for good. Followed by {@link #onClosed}. */
    void onFailed(Throwable cause);

    /** The link is gone; nothing more will be sent or received. */
    void onClosed();
}
