package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.HalfOpen;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpTuple;
import java.util.concurrent.TimeUnit;

/**
 * SYN-ACKs for which nothing is remembered (RFC 4987 section 3.6). The idea: what a half-open connection would store goes to the peer
 * inside our initial sequence number, under a secret; if the peer is real, its third segment acknowledges it, and so brings it back.
 *
 * <pre>
 *   cookie = H(tuple, peer's ISN) + (period &lt;&lt; 24) + (H(tuple, period) + index of MSS) mod 2^24
 *
 *   TSval  = clock, its last six bits replaced by:  ECN  SACK  window scale (4 bits, 15 for none)
 * </pre>
 * H is SipHash-2-4; a cookie is good in its period of 64 s and the next. Window scale, SACK and ECN come back in the echoed timestamp,
 * as in Linux; without timestamps a connection has none of them. Of the peer's MSS it knows the next lower one of a few.
 *
 * <p>A forged acknowledgment fits with a probability below 2^-27, and only while there is a cookie it could answer: a listener
 * that has sent none in two periods asks for none.
 */
final class SynCookies {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(64);
    private static final int MAX_AGE_PERIODS = 2;
    private static final long NANOS_PER_TICK = 1_000_000;
    private static final int COUNT_SHIFT = 24;
    private static final int COUNT_MASK = 0xFF;
    private static final int DATA_MASK = 0xFF_FFFF;
    /** They keep this hash apart from other uses of the stack's secret. */
    private static final long PURPOSE_MASK = 0x636f_6f6b_0000_0000L;
    private static final long PURPOSE_DATA = 0x6965_7321_0000_0000L;

    /** Linux's four, which cover most of what is announced (tcp_ipv4.c), and two for peers that take less. Ascending. */
    private static final int[] MSS_V4 = {TcpConfig.MIN_SEGMENT_SIZE, 216, 536, 1300, 1440, 1460};
    /** Linux's four, from MTUs of 1280, 1480, 1500 and 9000, and two for peers that take less. Ascending. */
    private static final int[] MSS_V6 = {TcpConfig.MIN_SEGMENT_SIZE, 536, 1220, 1420, 1440, 8940};

    private static final int OPTIONS_MASK = 0x3F;
    private static final int ECN = 0x20;
    private static final int SACK = 0x10;
    private static final int WINDOW_SCALE = 0xF;
    private static final int NO_WINDOW_SCALE = 0xF;

    private final SipHash hashing;
    private final SynCookieUse use;

    SynCookies(SipHash hashing, TcpStackConfig config) {
        this.hashing = hashing;
        use = config.synCookies();
    }

    /** Whether the next SYN is to be answered by a cookie, with so many half-open connections where there may be at most so many. */
    boolean areDue(int halfOpen, int maxHalfOpen) {
        return switch (use) {
            case NEVER -> false;
            case WHEN_HALF_FULL -> halfOpen > maxHalfOpen / 2;
            case ALWAYS -> true;
        };
    }

    /** The SYN-ACK to a SYN that would have been answered by {@code halfOpen}. */
    TcpSegment synAck(TcpListener listener, TcpTuple tuple, HalfOpen halfOpen, int linkMss, long nowNanos) {
        listener.lastCookieNanos(nowNanos);
        int index = mssIndex(tuple, halfOpen.peerMss());
        int cookie = cookie(tuple, halfOpen.irs(), Math.floorDiv(nowNanos, PERIOD_NANOS), index);
        if (!halfOpen.timestamps()) {
            return halfOpen.withCookie(cookie, false).toSynAck(tuple, listener.childConfig(), linkMss, nowNanos);
        }
        int scale = halfOpen.sndWscale() < 0 ? NO_WINDOW_SCALE : halfOpen.sndWscale();
        int options = scale | (halfOpen.sack() ? SACK : 0) | (halfOpen.hasEcn() ? ECN : 0);
        return halfOpen.withCookie(cookie, true).toSynAck(tuple, listener.childConfig(), linkMss, stamp(nowNanos, options));
    }

    /** The latest time not after now whose last bits say that. */
    private static long stamp(long nowNanos, int options) {
        long ticks = Math.floorDiv(nowNanos, NANOS_PER_TICK);
        long stamp = ticks & ~(long) OPTIONS_MASK | options;
        return (stamp > ticks ? stamp - OPTIONS_MASK - 1 : stamp) * NANOS_PER_TICK;
    }

    /**
     * What would have been remembered, if the segment is the third of a handshake that a cookie began.
     *
     * @param tsOffset  our timestamp offset for the tuple
     * @return null if it is not
     */
    HalfOpen open(TcpListener listener, TcpTuple tuple, TcpSegment third, int tsOffset, long nowNanos) {
        if (!listener.hasSentCookieSince(nowNanos - MAX_AGE_PERIODS * PERIOD_NANOS)) {
            return null;
        }
        int irs = third.seq() - 1;
        int peerMss = peerMss(tuple, third.ack() - 1, irs, nowNanos);
        if (peerMss < 0) {
            return null;
        }
        TcpConfig config = listener.childConfig();
        HalfOpen bare = HalfOpen.fromCookie(third.ack() - 1, irs, peerMss, third.window());
        if (!third.hasTimestamps() || !config.timestamps()) {
            return bare;
        }
        int options = third.tsEcr() - tsOffset & OPTIONS_MASK;
        int scale = options & WINDOW_SCALE;
        boolean sack = (options & SACK) != 0;
        HalfOpen full = bare.withTimestamps(config, third.tsVal(), tsOffset, scale == NO_WINDOW_SCALE ? -1 : scale, sack);
        return (options & ECN) != 0 ? full.withEcn(config, third) : full;
    }

    /** What the cookie says of the peer's MSS; -1 if it is no cookie of ours, or too old. */
    private int peerMss(TcpTuple tuple, int cookie, int irs, long nowNanos) {
        long period = Math.floorDiv(nowNanos, PERIOD_NANOS);
        int rest = cookie - mask(tuple, irs);
        int age = (int) period - (rest >>> COUNT_SHIFT) & COUNT_MASK;
        if (age >= MAX_AGE_PERIODS) {
            return -1;
        }
        int index = rest - data(tuple, period - age) & DATA_MASK;
        int[] table = table(tuple);
        return index < table.length ? table[index] : -1;
    }

    private int cookie(TcpTuple tuple, int irs, long period, int index) {
        int data = data(tuple, period) + index & DATA_MASK;
        return mask(tuple, irs) + ((int) period << COUNT_SHIFT) + data;
    }

    private int mask(TcpTuple tuple, int irs) {
        return (int) hashing.hash(tuple, PURPOSE_MASK ^ irs & 0xFFFF_FFFFL);
    }

    private int data(TcpTuple tuple, long period) {
        return (int) hashing.hash(tuple, PURPOSE_DATA ^ period & 0xFFFF_FFFFL);
    }

    private static int mssIndex(TcpTuple tuple, int mss) {
        int[] table = table(tuple);
        int index = table.length - 1;
        while (index > 0 && table[index] > mss) {
            index--;
        }
        return index;
    }

    private static int[] table(TcpTuple tuple) {
        return tuple.remoteAddress().isV4() ? MSS_V4 : MSS_V6;
    }
}
