package io.github.usertcp.testsuite.simulator.host;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.testsuite.simulator.network.Packet;
import io.netty.buffer.ByteBuf;

/** Reads ICMP messages as the IP host of a TUN link does. */
final class IcmpReader {
    private final IcmpMessage message = new IcmpMessage();
    /** Of what arrives; from whom is no matter. */
    private final IpHeader header;

    IcmpReader(IpAddress own) {
        header = new IpHeader().addresses(own, own).protocol(IcmpMessage.PROTOCOL_V4);
    }

    /** What it tells of a TCP segment; {@code null} if nothing, or if a bit was flipped on the way. Takes the packet. */
    IcmpError read(Packet packet) {
        ByteBuf bytes = packet.bytes();
        try {
            boolean sound = IcmpMessage.read(bytes, bytes.readerIndex(), bytes.readableBytes(), header, message) == null;
            return sound ? message.tcpError(bytes, bytes.readerIndex()) : null;
        } finally {
            bytes.release();
        }
    }
}
