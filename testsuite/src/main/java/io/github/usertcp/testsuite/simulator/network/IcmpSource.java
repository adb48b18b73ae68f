package io.github.usertcp.testsuite.simulator.network;

import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Somebody who sends ICMP errors to a host about packets it has sent to another, or is said to have sent. */
public final class IcmpSource {
    private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.254");
    private static final int TCP = 6;

    /** Told of errors that leave. */
    public interface Listener {
        void onError(IcmpErrorKind kind, int mtu, ByteBuf segment);
    }

    private final Route toHost;
    private final Listener listener;
    /** Of the packets that are quoted. */
    private final IpHeader quoted = new IpHeader();
    /** Of the errors. */
    private final IpHeader own = new IpHeader();

    /**
     * A source that has sent nothing.
     *
     * @param toHost  from here to the host
     * @param host    the host's address, IPv4
     * @param peer    where its packets were to go
     */
    public IcmpSource(Route toHost, IpAddress host, IpAddress peer, Listener listener) {
        this.toHost = toHost;
        this.listener = listener;
        quoted.addresses(host, peer).protocol(TCP).dontFragment(true);
        own.addresses(ADDRESS, host).protocol(IcmpMessage.PROTOCOL_V4);
    }

    /**
     * Sends an error.
     *
     * @param mtu      with {@link IcmpErrorKind#PACKET_TOO_BIG}, what it says fits; else 0
     * @param segment  of the packet that it is about, from the TCP header on, at least eight bytes; stays the caller's
     */
    public void send(IcmpErrorKind kind, int mtu, ByteBuf segment) {
        listener.onError(kind, mtu, segment);
        ByteBuf packet = Unpooled.buffer(Ipv4Header.MIN_LENGTH + segment.readableBytes());
        packet.writerIndex(Ipv4Header.write(quoted, segment.readableBytes(), packet, 0));
        packet.writeBytes(segment, segment.readerIndex(), segment.readableBytes());
        ByteBuf error = Unpooled.buffer();
        error.writerIndex(IcmpMessage.writeError(kind, own, mtu, packet, error, 0));
        packet.release();
        toHost.send(Packet.icmp(toHost, error));
    }
}
