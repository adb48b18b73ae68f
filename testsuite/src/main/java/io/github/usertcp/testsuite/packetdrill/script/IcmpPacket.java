package io.github.usertcp.testsuite.packetdrill.script;

/**
 * An ICMP message to inject.
 *
 * @param code  empty if not written
 * @param mtu   -1 if not written
 * @param seq   sequence number in the echoed TCP header, 0 if not written
 */
public record IcmpPacket(String type, String code, long mtu, long seq) implements Action {
    /** As a script writes it. */
    @Override
    public String toString() {
        return "icmp " + type + (code.isEmpty() ? "" : ' ' + code) + (mtu < 0 ? "" : " mtu " + mtu) + " [" + seq + ']';
    }
}
