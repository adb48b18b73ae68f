package io.github.usertcp.stack;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/**
 * Where a stack's segments go to and come from. Opened by a {@link LinkProvider} on one event loop; every method is called on that loop
 * unless it says otherwise.
 */
public interface Link {
    EventLoop eventLoop();

    /** The address segments to {@code remote} leave from; the wildcard if none can get there, for want of an address or of a route. */
    IpAddress localAddress(IpAddress remote);

    /** The address the link is bound to, possibly the wildcard. */
    IpAddress boundAddress();

    /** The UDP port the link is bound to, or 0 if segments travel on plain IP. */
    int udpPort();

    /** Largest TCP payload that fits one packet to {@code remote}, TCP options not subtracted (RFC 6691), in bytes. */
    int maxSegmentSize(IpAddress remote);

    /** Largest payload of one {@link #write}, in bytes: up to 64 KiB where the link cuts super-segments efficiently. */
    int maxPayloadBytes();

    /**
     * False while the link is full: {@link #write} still takes what it is
     * given, but callers should wait for {@link LinkReceiver#onWritable}.
     */
    boolean isWritable();

    /**
     * Whether the ECN field of packets ({@link TcpSegment#ecn()}) is written as segments have it, and read into those that arrive. Default
     * false: nothing is then ECN-capable, and no handshake offers it.
     */
    default boolean carriesEcn() {
        return false;
    }

    /**
     * How many bytes of arriving segments the link itself holds, before it drops some, while nobody reads. Receive windows that grow by
     * themselves stay below it: on a short path what the window allows is in that queue. Default: no limit of its own.
     */
    default int receiveQueueBytes() {
        return Integer.MAX_VALUE;
    }

    /**
     * Whether this stack may choose that source port, of those it may use at all. Default true; stacks that have the same addresses share
     * the ports out.
     */
    default boolean isPortOurs(int port) {
        return true;
    }

    /**
     * Offers a segment that no connection of this stack is for to other stacks with the same addresses. If nobody wants it, it comes back
     * by {@link LinkReceiver#onUnclaimed(TcpSegment, long)}.
     *
     * @return true, and ownership is taken, if there are others; default false
     */
    default boolean passOn(TcpSegment segment) {
        return false;
    }

    /** The same of an ICMP error. */
    default boolean passOn(IcmpError error) {
        return false;
    }

    /**
     * How large a packet to that address may be as far as the host has heard, in bytes, where reports of the network end in the host and
     * not in the stack; {@link Integer#MAX_VALUE} if nothing is known. May take system calls: for when packets seem to be too big.
     */
    default int pathMtu(IpAddress remote) {
        return Integer.MAX_VALUE;
    }

    /** Queues a segment, cut at its {@link TcpSegment#segmentSize()}. Takes ownership. Never drops because of a full socket. */
    void write(TcpSegment segment);

    /** Sends what is queued. */
    void flush();

    /**
     * Nobody has answered at this address and UDP port: find out, if the link can, whether anybody is there, and tell by
     * {@link LinkReceiver#onUnreachable}. Does nothing where the network tells by itself.
     */
    default void probe(IpAddress remote, int udpPort) {
    }

    /** Closes the link; {@link LinkReceiver#onClosed} follows. May be called from any thread, and twice. */
    Future<Void> close();
}
