package io.github.usertcp.tcp;

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
}
