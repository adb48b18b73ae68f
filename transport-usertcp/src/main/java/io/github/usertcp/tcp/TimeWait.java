package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * All that TIME-WAIT has to remember: enough to repeat the last ACK and to tell a newer SYN from an old duplicate (RFC 6191).
 *
 * @param sndNxt         our next sequence number (wire), beyond our FIN
 * @param rcvNxt         the next one expected (wire), beyond the peer's FIN
 * @param rcvWnd         the raw window field of our last ACK
 * @param timestamps     timestamps were in use
 * @param tsRecent       the peer's last TSval
 * @param tsOffset       our timestamp offset
 * @param deadlineNanos  when TIME-WAIT ends
 */
public record TimeWait(int sndNxt, int rcvNxt, int rcvWnd, boolean timestamps, int tsRecent, int tsOffset, long deadlineNanos) {

    /**
     * RFC 6191 section 2, case by case: a newer timestamp tells a new incarnation from an old duplicate, and so does any timestamp where
     * the old connection had none; where the SYN has none, its sequence number must be beyond the old connection's.
     */
    public boolean permitsReuse(TcpSegment syn) {
        if (!syn.isSyn() || syn.isAck() || syn.isRst()) {
            return false;
        }
        boolean beyond = syn.seq() - rcvNxt > 0;
        if (!syn.hasTimestamps()) {
            return beyond;
        }
        int newer = syn.tsVal() - tsRecent;
        return !timestamps || newer > 0 || newer == 0 && beyond;
    }

    /** The last ACK once more, in answer to a repeated FIN or anything else that is out of place. */
    public TcpSegment toAck(TcpTuple tuple, long nowNanos) {
        TcpSegment ack = Handshake.segment(tuple, TcpFlags.ACK).seq(sndNxt).ack(rcvNxt).window(rcvWnd);
        if (timestamps) {
            ack.timestamps(Handshake.tsVal(nowNanos, tsOffset), tsRecent);
        }
        return ack;
    }
}
