package io.github.usertcp.tcp;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/** What a {@link Script} starts from: the settings of our side, what the peer's SYN says, and how far the handshake has gone. */
final class Setup {
    enum Start { CLOSED, LISTENING, HALF_OPEN, ESTABLISHED, ACCEPTED, OPENED_BY_SYN }

    static final TcpTuple TUPLE = new TcpTuple(IpAddress.parse("192.0.2.1"), 40_000, IpAddress.parse("198.51.100.2"), 80);

    final Start start;
    /**
     * Options are off, so that traces stay short; segments carry no PSH, and wait for no other, for the sake of larger bursts; every
     * timeout doubles; and the smallest timeout makes 200 ms of the round trip of 10 ms.
     */
    TcpConfigBuilder config = TcpConfig.builder().timestamps(false).windowScaling(false).sack(false).burstPush(false)
        .burstWindowDivisor(255).synLinearRetries(0).minRtoNanos(190_000_000L);
    /** What our link carries, and the MSS the peer announces if no other is set. */
    int mss = 1460;
    int peerMss = TcpSegment.ABSENT;
    int peerWindow = SegmentPattern.DEFAULT_WINDOW;
    int peerWindowScale = TcpSegment.ABSENT;
    boolean timestamps;
    boolean sack;
    long rttMillis = 10;
    /** Bytes on the peer's SYN that opens the connection by itself. */
    int synData;
    /** What our SYN-ACK answers that with. */
    byte[] cookie;
    TcpTuple tuple = TUPLE;

    Setup(Start start) {
        this.start = start;
    }

    /** The peer's SYN or SYN-ACK in relative numbers, sent at {@code millis}. */
    TcpSegment peerSyn(boolean synAck, long millis) {
        TcpSegment syn = new TcpSegment().flags(TcpFlags.SYN).window(peerWindow).mss(peerMss == TcpSegment.ABSENT ? mss : peerMss).windowScale(peerWindowScale)
            .sackPermitted(sack);
        if (synAck) {
            syn.ack(1);
        }
        if (timestamps) {
            syn.timestamps((int) millis, synAck ? (int) (millis - rttMillis) : 0);
        }
        return syn;
    }

    /** The ACK that ends a passive handshake, at time 0. */
    TcpSegment peerThird() {
        TcpSegment third = new TcpSegment().flags(TcpFlags.ACK).seq(1).ack(1).window(peerWindow);
        return timestamps ? third.timestamps(0, (int) -rttMillis) : third;
    }
}
