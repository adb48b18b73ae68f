package io.github.usertcp.tcp;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * A passive open between SYN and third segment, as values: what a compact SYN queue entry stores, and all a {@link TcpConnection#accepted
 * connection} needs to start from. {@link #answer} negotiates, for the connection in LISTEN as for the stack's SYN queue.
 *
 * @param iss            our initial sequence number (wire)
 * @param irs            the peer's (wire)
 * @param peerMss        the MSS the peer announced, 536 (v4) or 1220 (v6) if it did not (RFC
 *                       9293 section 3.7.1), at least {@link TcpConfig#MIN_SEGMENT_SIZE}
 * @param peerWindow     the SYN's window, never scaled
 * @param sndWscale      the peer's window scale, capped at 14 (RFC 7323 section 2.3), -1 if scaling is off
 * @param rcvWscale      ours, -1 if scaling is off
 * @param sack           both sides permit SACK
 * @param timestamps     both sides use timestamps
 * @param tsRecent       the SYN's TSval
 * @param tsOffset       our timestamp offset
 * @param sentNanos      when the SYN-ACK was sent first; {@link #FORGOTTEN} if nobody knows
 * @param retransmitted  the SYN-ACK was sent more than once, so that it gives no RTT sample without timestamps (Karn)
 * @param ecn            eight bits of {@link HandshakeEcn}
 */
public record HalfOpen(int iss, int irs, int peerMss, int peerWindow, int sndWscale, int rcvWscale, boolean sack, boolean timestamps,
                       int tsRecent, int tsOffset, long sentNanos, boolean retransmitted, int ecn) {

    /** The time a SYN-ACK was sent at that nobody has remembered. */
    public static final long FORGOTTEN = Long.MIN_VALUE + 1;

    /** Negotiates options between a SYN and our settings (RFC 9293 section 3.7.1, RFC 7323 sections 2.2 and 3.2, RFC 2018 section 2). */
    public static HalfOpen answer(TcpSegment syn, TcpTuple tuple, TcpConfig config, InitialNumbers numbers, long nowNanos) {
        boolean scaling = config.windowScaling() && syn.windowScale() != TcpSegment.ABSENT;
        return new HalfOpen(numbers.iss(tuple, nowNanos), syn.seq(), Handshake.peerMss(syn, tuple), syn.window(),
            scaling ? Math.min(syn.windowScale(), Handshake.MAX_WINDOW_SCALE) : -1, scaling ? Handshake.windowScale(config) : -1,
            config.sack() && syn.isSackPermitted(), config.timestamps() && syn.hasTimestamps(),
            syn.tsVal(), numbers.timestampOffset(tuple), nowNanos, false, HandshakeEcn.answer(syn, config));
    }

    /** The SYN-ACK that says so, with addresses and ports of the tuple. */
    public TcpSegment toSynAck(TcpTuple tuple, TcpConfig config, int linkMss, long nowNanos) {
        TcpSegment synAck = Handshake.segment(tuple, TcpFlags.SYN).seq(iss).ack(irs + 1).window(window(config, linkMss))
            .mss(Handshake.announcedMss(config, linkMss)).sackPermitted(sack).trafficClass(config.trafficClass() & ~Transmitter.ECN_FIELD);
        if (rcvWscale >= 0) {
            synAck.windowScale(rcvWscale);
        }
        if (timestamps) {
            synAck.timestamps(Handshake.tsVal(nowNanos, tsOffset), tsRecent);
        }
        HandshakeEcn.write(ecn, config, synAck);
        return synAck;
    }

    /** The window field of the SYN-ACK. */
    int window(TcpConfig config, int linkMss) {
        return Handshake.window(config, negotiated().receivedSegment(Handshake.announcedMss(config, linkMss)));
    }

    /** The same with another ISS; without timestamps also without window scale, SACK and ECN, which a cookie cannot hold. */
    public HalfOpen withCookie(int cookie, boolean withOptions) {
        return new HalfOpen(cookie, irs, peerMss, peerWindow, withOptions ? sndWscale : -1, withOptions ? rcvWscale : -1,
            withOptions && sack, withOptions, tsRecent, tsOffset, sentNanos, retransmitted, withOptions ? ecn : 0);
    }

    /** What a SYN cookie has brought back, without options. */
    public static HalfOpen fromCookie(int cookie, int irs, int peerMss, int peerWindow) {
        return new HalfOpen(cookie, irs, peerMss, peerWindow, -1, -1, false, false, 0, 0, FORGOTTEN, false, 0);
    }

    /** The same with timestamps, and what they have brought back: the peer's window scale, -1 for none, and SACK. */
    public HalfOpen withTimestamps(TcpConfig config, int tsVal, int offset, int peerScale, boolean peerSack) {
        boolean scaling = config.windowScaling() && peerScale >= 0;
        return new HalfOpen(iss, irs, peerMss, peerWindow, scaling ? Math.min(peerScale, Handshake.MAX_WINDOW_SCALE) : -1,
            scaling ? Handshake.windowScale(config) : -1, config.sack() && peerSack, true, tsVal, offset, sentNanos, retransmitted, ecn);
    }

    /** ECN of either kind was agreed on. */
    public boolean hasEcn() {
        return HandshakeEcn.mode(ecn) != EcnMode.OFF;
    }

    /** The same with ECN, of which a cookie has brought back no more than that. */
    public HalfOpen withEcn(TcpConfig config, TcpSegment third) {
        return new HalfOpen(iss, irs, peerMss, peerWindow, sndWscale, rcvWscale, sack, timestamps, tsRecent, tsOffset, sentNanos,
            retransmitted, HandshakeEcn.restored(third, config));
    }

    Negotiated negotiated() {
        return new Negotiated(peerMss, sndWscale, rcvWscale, sack, timestamps, tsOffset);
    }
}
