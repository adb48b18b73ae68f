package io.github.usertcp.link;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A host's part in ICMP (RFC 1122 section 3.2.2) and ICMPv6 (RFC 4443): it answers echo requests, refuses packets of protocols and
 * ports that nobody listens to, and takes errors about TCP to the stack. It says at most so many things a second, so that a flood does
 * not make us the source of another.
 */
final class IcmpHost {
    private static final int UDP = 17;
    /** RFC 8200 section 4.7: nothing follows. */
    private static final int NO_NEXT_HEADER = 59;
    /** RFC 4443 section 2.4 (f) asks for a limit; Linux's are 1000 messages a second (icmp_msgs_per_sec) and bursts of 50. */
    private static final long NANOS_PER_MESSAGE = 1_000_000L;
    private static final int BURST = 50;

    private final IpOutput output;
    private final ByteBufAllocator alloc;
    private final LinkReceiver receiver;
    private final IcmpMessage message = new IcmpMessage();
    private final IpHeader reply = new IpHeader();
    private boolean talking;
    /** The bucket of tokens: when it was last empty, put forward by each message. */
    private long emptyAtNanos;

    IcmpHost(IpOutput output, ByteBufAllocator alloc, LinkReceiver receiver) {
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
            if (mayTalk(nowNanos)) {
                answerEcho(packet, index, header);
            }
            return null;
        }
        IcmpError error = message.tcpError(packet, index);
        if (error == null) {
            return DropReason.BAD_ICMP;
        }
        receiver.onIcmp(error, nowNanos);
        return null;
    }

    /** Tells the sender of a whole packet that nobody wants it. */
    void refuse(ByteBuf packet, IpHeader header, long nowNanos) {
        if (header.protocol() == NO_NEXT_HEADER || !mayTalk(nowNanos)) {
            return;
        }
        boolean port = header.protocol() == UDP;
        IcmpErrorKind kind = port ? IcmpErrorKind.PORT_UNREACHABLE : IcmpErrorKind.PROTOCOL_UNREACHABLE;
        int field = port || header.isV4() ? 0 : header.protocolOffset(); // RFC 8200 section 4: what the problem with the packet is
        startReply(header);
        int start = output.payloadIndex(reply);
        ByteBuf error = alloc.directBuffer().writerIndex(start);
        error.writerIndex(start + IcmpMessage.writeError(kind, reply, field, packet, error, start));
        output.write(reply, error);
    }

    private void answerEcho(ByteBuf packet, int index, IpHeader header) {
        startReply(header);
        int start = output.payloadIndex(reply);
        int length = header.payloadLength();
        ByteBuf answer = alloc.directBuffer(start + length).writerIndex(start).writeBytes(packet, index, length);
        IcmpMessage.makeEchoReply(answer, start, length, reply);
        output.write(reply, answer);
    }

    private void startReply(IpHeader header) {
        reply.addresses(header.destination(), header.source()).protocol(header.isV4() ? IcmpMessage.PROTOCOL_V4 : IcmpMessage.PROTOCOL_V6);
    }

    private boolean mayTalk(long nowNanos) {
        long fullSince = nowNanos - BURST * NANOS_PER_MESSAGE;
        if (!talking || emptyAtNanos - fullSince < 0) {
            emptyAtNanos = fullSince;
            talking = true;
        }
        if (nowNanos - emptyAtNanos < NANOS_PER_MESSAGE) {
            return false;
        }
        emptyAtNanos += NANOS_PER_MESSAGE;
        return true;
    }
}
