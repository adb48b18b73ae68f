package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A host's part in ICMP (RFC 1122 section 3.2.2) and ICMPv6 (RFC 4443): it answers echo requests, tells senders what is wrong with their
 * packets, and takes errors about TCP to the stack. It says at most so many things a second, so that a flood does not make us the source of
 * another; errors of either family and echo replies each have a limit of their own, since a flood of pings must not keep errors back (RFC
 * 1812 section 4.3.2.8 asks for limits by kind). What is due and not said is counted.
 */
final class IcmpHost {
    private static final int UDP = 17;
    /** RFC 8200 section 4.7: nothing follows. */
    private static final int NO_NEXT_HEADER = 59;
    /** RFC 4443 section 2.4 (f) asks for a limit; Linux's are 1000 messages a second (icmp_msgs_per_sec) and bursts of 50. */
    private static final long NANOS_PER_ERROR = 1_000_000L;
    private static final int ERROR_BURST = 50;
    /** Linux limits no echo replies. Each is as long as its request, so that they serve nobody to attack others; but they cost us time. */
    private static final long NANOS_PER_REPLY = 10_000L;
    private static final int REPLY_BURST = 10_000;

    private final OwnAddresses ours;
    private final IpOutput output;
    private final ByteBufAllocator alloc;
    private final LinkReceiver receiver;
    private final IcmpMessage message = new IcmpMessage();
    private final IpHeader reply = new IpHeader();
    private final MessageLimit errorsV4 = new MessageLimit(NANOS_PER_ERROR, ERROR_BURST);
    private final MessageLimit errorsV6 = new MessageLimit(NANOS_PER_ERROR, ERROR_BURST);
    private final MessageLimit replies = new MessageLimit(NANOS_PER_REPLY, REPLY_BURST);
    private int lastIdentification = ThreadLocalRandom.current().nextInt();

    IcmpHost(OwnAddresses ours, IpOutput output, ByteBufAllocator alloc, LinkReceiver receiver) {
        this.ours = ours;
        this.output = output;
        this.alloc = alloc;
        this.receiver = receiver;
    }

    /** Takes a packet that carries ICMP, in its readable bytes; returns why it was thrown away, or null if it was not. */
    DropReason accept(ByteBuf packet, IpHeader header, long nowNanos) {
        int index = packet.readerIndex() + header.headerLength();
        DropReason reason = IcmpMessage.read(packet, index, header.payloadLength(), header, message);
        if (reason != null) {
            return reason;
        }
        if (message.isEchoRequest()) {
            if (!output.isWritable() || !replies.allows(nowNanos)) {
                return DropReason.ICMP_LIMITED;
            }
            answerEcho(packet, index, header);
            return null;
        }
        IcmpError error = message.tcpError(packet, index);
        if (error == null) {
            return DropReason.BAD_ICMP;
        }
        receiver.onIcmp(error, nowNanos);
        return null;
    }

    /** Tells the sender of a whole packet that nobody wants its protocol, or listens on its port. */
    void refuseProtocol(ByteBuf packet, IpHeader header, long nowNanos) {
        if (header.protocol() == UDP) {
            report(IcmpErrorKind.PORT_UNREACHABLE, 0, packet, header, nowNanos);
        } else if (header.protocol() != NO_NEXT_HEADER) {
            int field = header.isV4() ? 0 : header.protocolOffset(); // RFC 8200 section 4: what the problem with the packet is
            report(IcmpErrorKind.PROTOCOL_UNREACHABLE, field, packet, header, nowNanos);
        }
    }

    /**
     * Tells the sender of a packet of an error, unless it carries an error itself. For the rest of when a host may do so (RFC 1122 section
     * 3.2.2, RFC 4443 section 2.4 (e)) it has been seen to that source and destination are single hosts, and that no error is sent about a
     * later fragment of IPv4.
     *
     * @param field  in an ICMPv6 parameter problem, where in the packet the field is that is wrong; else 0
     * @param packet  in its readable bytes, or as much as there is of it
     */
    void report(IcmpErrorKind kind, int field, ByteBuf packet, IpHeader header, long nowNanos) {
        if (mayBeError(packet, header)) {
            return;
        }
        MessageLimit limit = header.isV4() ? errorsV4 : errorsV6;
        if (!output.isWritable() || !limit.allows(nowNanos)) {
            receiver.onDropped(DropReason.ICMP_LIMITED);
            return;
        }
        startReply(header).dontFragment(true).identification(0);
        int start = output.payloadIndex(reply);
        ByteBuf error = alloc.directBuffer().writerIndex(start);
        error.writerIndex(start + IcmpMessage.writeError(kind, reply, field, packet, error, start));
        output.write(reply, error);
    }

    private static boolean mayBeError(ByteBuf packet, IpHeader header) {
        boolean v4 = header.isV4();
        if (header.protocol() != (v4 ? IcmpMessage.PROTOCOL_V4 : IcmpMessage.PROTOCOL_V6)) {
            return false;
        }
        int index = packet.readerIndex() + header.headerLength();
        boolean typeMissing = header.fragmentOffset() > 0 || index >= packet.writerIndex();
        return typeMissing || !IcmpMessage.mayCauseError(packet.getUnsignedByte(index), v4);
    }

    /**
     * Routers may cut an IPv4 reply, and so may we: the path's MTU is known to TCP only, and who sends a large echo wants it back. Its
     * identification is then its own, for as long as 65,536 replies take (RFC 6864 section 4.3); of IPv6, one nobody can guess (RFC 7739).
     */
    private void answerEcho(ByteBuf packet, int index, IpHeader header) {
        int identification = header.isV4() ? ++lastIdentification & 0xFFFF : ThreadLocalRandom.current().nextInt();
        startReply(header).dontFragment(false).identification(identification);
        int start = output.payloadIndex(reply);
        int length = header.payloadLength();
        ByteBuf answer = alloc.directBuffer(start + length).writerIndex(start).writeBytes(packet, index, length);
        IcmpMessage.makeEchoReply(answer, start, length, reply);
        output.writeInFragments(reply, answer);
    }

    private IpHeader startReply(IpHeader header) {
        return reply.addresses(ours.answering(header.destination()), header.source())
            .protocol(header.isV4() ? IcmpMessage.PROTOCOL_V4 : IcmpMessage.PROTOCOL_V6);
    }
}
