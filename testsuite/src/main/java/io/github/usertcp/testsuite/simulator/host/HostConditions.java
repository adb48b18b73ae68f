package io.github.usertcp.testsuite.simulator.host;

/**
 * What kind of machine a host is.
 *
 * @param readBatchNanos       packets wait so long for others before they are read together; 0 reads each when it arrives
 * @param coalescing           consecutive packets of one read are joined to super-segments
 * @param maxPayloadBytes      payload of the largest super-segment it sends
 * @param checksums            TCP checksums are written and verified
 * @param timerLatenessNanos   upper bound of the random time by which a timer wakes up too late
 * @param checking             invariants are checked after every step
 */
public record HostConditions(long readBatchNanos, boolean coalescing, int maxPayloadBytes, boolean checksums, long timerLatenessNanos,
                             boolean checking) {
    /** What a TUN device or UDP_SEGMENT takes at once. */
    public static final int SUPER_SEGMENT_BYTES = 65_160;

    /** A fast machine: offload both ways, punctual, unchecked. */
    public static final HostConditions FAST = new HostConditions(0, true, SUPER_SEGMENT_BYTES, false, 0, false);

    public HostConditions checked() {
        return new HostConditions(readBatchNanos, coalescing, maxPayloadBytes, checksums, timerLatenessNanos, true);
    }
}
