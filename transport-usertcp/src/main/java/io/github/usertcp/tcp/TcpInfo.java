package io.github.usertcp.tcp;

/**
 * A snapshot of one connection in the vocabulary of Linux's {@code struct tcp_info}: the same names without the {@code tcpi_} prefix.
 * Times are microseconds unless said otherwise, windows are bytes where Linux counts segments.
 *
 * @param state            connection state
 * @param congestionControl  name of the algorithm
 * @param caState          phase of recovery as Linux numbers them: 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss
 * @param retransmits      consecutive timeouts of the retransmission timer without progress
 * @param probes           zero-window or keepalive probes unanswered
 * @param backoff          exponent of the current timeout's doubling
 * @param timestamps       RFC 7323 timestamps in use
 * @param sack             SACK in use
 * @param sndWscale        the peer's window scale, applied to windows it sends; -1 if scaling is off
 * @param rcvWscale        our window scale; -1 if scaling is off
 * @param rto              retransmission timeout
 * @param ato              delayed-ACK timeout
 * @param sndMss           payload bytes of a full segment we send
 * @param rcvMss           largest payload received in one segment, at most our MSS
 * @param unacked          bytes sent and not acknowledged
 * @param sacked           bytes that the peer has acknowledged selectively or, without SACK, by duplicate ACKs
 * @param lost             bytes considered lost
 * @param retransOut       retransmitted bytes not yet acknowledged
 * @param lastDataSent     milliseconds since data was last sent or, if never, the connection was established; -1 before that
 * @param lastDataRecv     the same since data was last received
 * @param lastAckRecv      the same since an ACK was last received
 * @param rtt              smoothed round-trip time, 0 before the first sample
 * @param rttvar           mean deviation of it
 * @param minRtt           smallest sample, 0 before the first
 * @param reordering       segments by which one was overtaken at most, at least 3
 * @param reordSeen        how often that was seen
 * @param sndSsthresh      slow start threshold in bytes; {@link Long#MAX_VALUE} if never set
 * @param sndCwnd          congestion window in bytes
 * @param sndWnd           the peer's window in bytes
 * @param rcvWnd           the window we offered last, in bytes
 * @param rcvRtt           round-trip time as the receiver sees it, 0 before the first sample
 * @param rcvSpace         what the receive buffer has grown to, in bytes: the largest window it can offer
 * @param rcvOooPack       segments that arrived out of order
 * @param rcvBeyondWindow  segments refused because they lie, or begin, beyond the window we offered (not in Linux's struct)
 * @param rcvZeroWindow    segments in order whose text was dropped because our window was closed (not in Linux's struct)
 * @param advmss           the MSS we announced
 * @param totalRetrans     segments retransmitted in all
 * @param delivered        bytes that the peer has acknowledged in whatever way, our FIN counting as one
 * @param dsackDups        duplicates that the peer has reported (RFC 2883)
 * @param bytesAcked       payload bytes acknowledged by the peer
 * @param bytesReceived    payload bytes received in order
 * @param bytesSent        payload bytes sent, retransmissions included
 * @param bytesRetrans     payload bytes retransmitted
 * @param segsOut          segments sent, each cut of a super-segment counted
 * @param segsIn           segments received, as the engine saw them
 * @param dataSegsOut      those of them with payload
 * @param dataSegsIn       those of them with payload
 * @param synData          data on the SYN of whoever opened the connection was taken (RFC 7413)
 * @param openedBySyn      a listener accepted it by TCP Fast Open, before its handshake was over
 * @param notsentBytes     bytes in the send buffer never sent
 * @param pacingRate       bytes per second, 0 for no pacing
 * @param busyTime         time during which there was data or a FIN to send or in flight
 * @param rwndLimited      that part of it in which the peer's window held the sender back
 * @param sndbufLimited    that part of it in which the send buffer did: it was full, and all that is in it sent
 * @param ecn              explicit congestion notification
 */
public record TcpInfo(
    TcpState state,
    String congestionControl,
    int caState,
    int retransmits,
    int probes,
    int backoff,
    boolean timestamps,
    boolean sack,
    int sndWscale,
    int rcvWscale,
    long rto,
    long ato,
    int sndMss,
    int rcvMss,
    long unacked,
    long sacked,
    long lost,
    long retransOut,
    long lastDataSent,
    long lastDataRecv,
    long lastAckRecv,
    long rtt,
    long rttvar,
    long minRtt,
    int reordering,
    long reordSeen,
    long sndSsthresh,
    long sndCwnd,
    long sndWnd,
    long rcvWnd,
    long rcvRtt,
    long rcvSpace,
    long rcvOooPack,
    long rcvBeyondWindow,
    long rcvZeroWindow,
    int advmss,
    long totalRetrans,
    long delivered,
    long dsackDups,
    long bytesAcked,
    long bytesReceived,
    long bytesSent,
    long bytesRetrans,
    long segsOut,
    long segsIn,
    long dataSegsOut,
    long dataSegsIn,
    boolean synData,
    boolean openedBySyn,
    long notsentBytes,
    long pacingRate,
    long busyTime,
    long rwndLimited,
    long sndbufLimited,
    EcnInfo ecn) {
}
