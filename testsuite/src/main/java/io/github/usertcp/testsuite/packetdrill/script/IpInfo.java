package io.github.usertcp.testsuite.packetdrill.script;

/**
 * What a packet line says about the IP header in brackets; -1 for what it doesn't say.
 *
 * @param ecn  two bits, or {@link #ECT_0_OR_1}
 */
public record IpInfo(int ecn, int tos, int ttl, int flowLabel) {
    public static final IpInfo NONE = new IpInfo(-1, -1, -1, -1);
    public static final int ECT_0_OR_1 = 4;

    /** The octet a packet to inject gets: what is not written is 0. */
    public int trafficClass() {
        return Math.max(0, tos) | Math.max(0, ecn);
    }
}
