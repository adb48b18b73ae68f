package io.github.usertcp.testsuite.packetdrill.script;

/** A line of a script: what, and when. */
public record Event(Position position, EventTime time, Action action) {
    public boolean isInboundPacket() {
        return action instanceof TcpPacket packet && packet.isInbound() || action instanceof IcmpPacket;
    }

    public boolean isOutboundPacket() {
        return action instanceof TcpPacket packet && !packet.isInbound();
    }
}
