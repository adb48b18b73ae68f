package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.TcpFlags;
import java.util.function.Supplier;

/**
 * Puts the segments that a kernel would have sent as one large one back together: scripts expect those. The result has the sequence
 * number and CWR of the first, everything else, and the time, of the last.
 */
final class Aggregator {
    private static final int MAY_DIFFER = TcpFlags.FIN | TcpFlags.PSH | TcpFlags.CWR;

    private Aggregator() {
    }

    /**
     * @param first  the first segment
     * @param more   gives the next segment, or {@code null} when none comes in time
     */
    static WirePacket collect(WirePacket first, int wantedPayload, Supplier<WirePacket> more) {
        WirePacket whole = first;
        WirePacket last = first;
        while (whole.payloadLength() < wantedPayload && last.payloadLength() > 0) {
            WirePacket next = more.get();
            if (next == null) {
                return whole;
            }
            String difference = difference(whole, last, next);
            if (difference != null) {
                throw new ScriptFailure("segments that don't belong together: " + difference
                    + " (" + whole.payloadLength() + " of " + wantedPayload
                    + " bytes had come)");
            }
            if (whole != last && last.payloadLength() != first.payloadLength()) {
                throw new ScriptFailure("a segment of " + last.payloadLength() + " bytes among those of " + first.payloadLength());
            }
            whole = next.behind(whole, TcpFlags.CWR);
            last = next;
        }
        return whole;
    }

    private static String difference(WirePacket whole, WirePacket last, WirePacket next) {
        if (next.seq() != whole.seq() + whole.payloadLength()) {
            return "sequence number";
        } else if ((next.flags() | MAY_DIFFER) != (last.flags() | MAY_DIFFER)) {
            return "flags";
        } else if (next.ack() != last.ack()) {
            return "acknowledgment number";
        } else if (next.window() != last.window()) {
            return "window";
        } else if (next.dataOffset() != last.dataOffset()) {
            return "length of the options";
        } else if (next.trafficClass() != last.trafficClass()) {
            return "traffic class";
        }
        return null;
    }
}
