package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpTuple;

/**
 * A connection's key as primitives: both addresses, both TCP ports and the peer's UDP port. One object per
 * stack, filled anew for each look-up, so that looking up allocates nothing. The hash is keyed: whoever
 * chooses addresses and ports cannot choose where they land, so no set of connections makes a table slow.
 */
final class TupleKey {
    private final SipHash hashing;
    private long localHigh;
    private long localLow;
    private long remoteHigh;
    private long remoteLow;
    private int localPort;
    private int remotePort;
    private int remoteUdpPort;
    private int hash;

    TupleKey(SipHash hashing) {
        this.hashing = hashing;
    }

    /** The key of the connection a segment that came in belongs to. */
    TupleKey incoming(TcpSegment segment) {
        return set(segment.destination(), segment.destinationPort(), segment.source(), segment.sourcePort(), segment.sourceUdpPort());
    }

    TupleKey set(TcpTuple tuple) {
        return set(tuple.localAddress(), tuple.localPort(), tuple.remoteAddress(), tuple.remotePort(), tuple.remoteUdpPort());
    }

    TupleKey set(IpAddress local, int localTcpPort, IpAddress remote, int remoteTcpPort, int udpPort) {
        localHigh = local.high();
        localLow = local.low();
        remoteHigh = remote.high();
        remoteLow = remote.low();
        localPort = localTcpPort;
        remotePort = remoteTcpPort;
        remoteUdpPort = udpPort;
        long ports = (long) localPort << 32 | (long) remotePort << 16 | remoteUdpPort;
        hash = (int) hashing.hash(localHigh, localLow, remoteHigh, remoteLow, ports);
        return this;
    }

    int hash() {
        return hash;
    }

    int localPort() {
        return localPort;
    }

    int remotePort() {
        return remotePort;
    }

    int remoteUdpPort() {
        return remoteUdpPort;
    }

    boolean hasLocal(IpAddress address) {
        return localHigh == address.high() && localLow == address.low();
    }

    boolean hasRemote(long high, long low) {
        return remoteHigh == high && remoteLow == low;
    }

    boolean hasPorts(int local, int remote, int udp) {
        return localPort == local && remotePort == remote && remoteUdpPort == udp;
    }

    boolean is(TcpTuple tuple) {
        return hasPorts(tuple.localPort(), tuple.remotePort(), tuple.remoteUdpPort())
            && hasRemote(tuple.remoteAddress().high(), tuple.remoteAddress().low()) && hasLocal(tuple.localAddress());
    }
}
