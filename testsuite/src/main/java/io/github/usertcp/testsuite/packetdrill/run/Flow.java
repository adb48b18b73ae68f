package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.TcpFlags;
import java.util.HashMap;
import java.util.Map;

/**
 * The connection a script's packets belong to, and how its numbers map to those on the wire: a SYN's are absolute, all others count from
 * the initial sequence number. The remote ISN is taken from the script as it is; ours is learned from the SYN that the script expects.
 */
final class Flow {
    static final int UNKNOWN_PORT = 0;

    final int remotePort;
    private int localPort;
    private int remoteIsn;
    private boolean remoteIsnKnown;
    private int localIsnInScript;
    private int localIsn;
    private boolean timestampsBegun;
    private long firstScriptTs;
    private long firstTs;
    private final Map<Long, Long> timestamps = new HashMap<>();

    Flow(int localPort, int remotePort) {
        this.localPort = localPort;
        this.remotePort = remotePort;
    }

    int localPort() {
        return localPort;
    }

    /** Whether a packet the stack sends is of this connection. An active open's own port shows in its first SYN. */
    boolean owns(WirePacket packet) {
        if (packet.destinationPort() != remotePort) {
            return false;
        }
        if (localPort == UNKNOWN_PORT && (packet.flags() & TcpFlags.SYN) != 0) {
            localPort = packet.sourcePort();
        }
        return packet.sourcePort() == localPort;
    }

    // ---- numbers

    /** From the peer's first SYN; one that disturbs the connection later changes nothing. */
    void learnRemoteIsn(long scriptSeq) {
        if (!remoteIsnKnown) {
            remoteIsn = (int) scriptSeq;
            remoteIsnKnown = true;
        }
    }

    void learnLocalIsn(long scriptSeq, int wireSeq) {
        localIsnInScript = (int) scriptSeq;
        localIsn = wireSeq;
    }

    /** The wire's number for a sequence number of the peer. */
    int remoteToWire(long script, boolean syn) {
        return (int) script + (syn ? 0 : remoteIsn);
    }

    /** The wire's number for one of ours, as the peer acknowledges it. */
    int localToWire(long script, boolean syn) {
        return (int) script + localIsn - (syn ? localIsnInScript : 0);
    }

    /** The script's number for a sequence number of ours. */
    long localToScript(int wire, boolean syn) {
        return wire - localIsn + (syn ? localIsnInScript : 0) & 0xFFFF_FFFFL;
    }

    /** The script's number for one of the peer's, as we acknowledge it. */
    long remoteToScript(int wire, boolean syn) {
        return wire - (syn ? 0 : remoteIsn) & 0xFFFF_FFFFL;
    }

    // ---- timestamps

    /** A segment of ours with a timestamp has been expected, and came. */
    void learnTimestamp(long scriptVal, long wireVal) {
        if (!timestampsBegun) {
            timestampsBegun = true;
            firstScriptTs = scriptVal;
            firstTs = wireVal;
        }
        timestamps.put(scriptVal, wireVal);
    }

    /** By how many ticks a timestamp of ours is off. */
    long timestampError(long scriptVal, long wireVal) {
        return timestampsBegun ? (int) (wireVal - firstTs - (scriptVal - firstScriptTs)) : 0;
    }

    /** What the peer echoes for one of our timestamps; {@code null} if there was none such. */
    Long echoToWire(long scriptEcr, boolean scaled) {
        if (scaled && timestampsBegun) {
            return scriptEcr - firstScriptTs + firstTs & 0xFFFF_FFFFL;
        }
        return timestamps.get(scriptEcr);
    }
}
