package io.github.usertcp.tcp;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;

/**
 * The settings of a connection. Immutable: to change one, {@linkplain #toBuilder() build} another and give it to
 * {@link TcpConnection#reconfigure}; what the handshake has negotiated stays as negotiated.
 *
 * <p>Every setter of the {@link TcpConfigBuilder} throws {@link IllegalArgumentException} naming setting, value and range when the value
 * is out of range.
 */
public final class TcpConfig {
    /** Smallest MSS accepted from anyone but the configuration's author, in bytes: less is an attack (CVE-2019-11479). Linux: 48. */
    public static final int MIN_SEGMENT_SIZE = 48;

    private static final TcpConfig DEFAULT = builder().build();
    private static final TcpConfig LINUX =
        builder().receiveBufferBytes(64 << 10, 6 << 20).sendBufferBytes(4 << 20).mtuProbing(MtuProbing.OFF).rtoRestart(false)
            .build();

    private final Settings settings;
    /** Made when first asked for; two threads that both make it make the same. */
    private TcpConfig withoutEcn;
    /** Likewise. */
    private TcpConfig withoutNagle;

    TcpConfig(Settings settings) {
        this.settings = settings;
    }

    /** All defaults: on the wire nearly those of {@link #linux()}, with larger buffers. */
    public static TcpConfig defaults() {
        return DEFAULT;
    }

    /**
     * What Linux 6 ships with, so that a connection looks on the wire like one of its own: segments, options and their order, bursts and
     * PSH, timeouts, retries and delays of ACKs. That is what {@link #defaults()} are too, but for four things. Its receive buffer begins
     * with 64 KiB of window and grows to 6 MiB ({@code tcp_rmem}), and its send buffer grows to 4 MiB ({@code tcp_wmem}): ours are larger
     * from the start, because a stack in user space has its memory bounded as a whole. It does not probe for paths that swallow large
     * packets ({@code tcp_mtu_probing}): its administrator sees to ICMP, who uses a library often cannot. And it has no
     * {@link #rtoRestart}.
     */
    public static TcpConfig linux() {
        return LINUX;
    }

    public static TcpConfigBuilder builder() {
        return new TcpConfigBuilder(new Settings());
    }

    public TcpConfigBuilder toBuilder() {
        return new TcpConfigBuilder(settings.clone());
    }

    /**
     * Upper bound of the MSS we announce and use, in bytes; 0 (the default) means what the link's MTU allows. Below 48 nothing but 0 is
     * accepted.
     */
    public int maxSegmentSize() {
        return settings.maxSegmentSize;
    }

    /** Initial congestion window in segments of the sender's MSS. RFC 6928 section 2 says 10. */
    public int initialWindowSegments() {
        return settings.initialWindowSegments;
    }

    /**
     * Payload bytes that {@code write} takes before it answers 0, to begin with: unacknowledged and unsent together. Default 1 MiB.
     * Existing data is kept when it shrinks.
     */
    public int sendBufferBytes() {
        return settings.sendBufferBytes;
    }

    /**
     * To what the send buffer may grow by itself, which it does to twice the congestion window while the stack has memory. If it is
     * {@link #sendBufferBytes}, the buffer has a fixed size. Default 15 MiB, as on the receiving side.
     */
    public int maxSendBufferBytes() {
        return settings.maxSendBufferBytes;
    }

    /**
     * Bytes received and not yet read at which the receive window is closed, to begin with: the largest window we offer. Default 1 MiB,
     * more than the 64 KiB to 256 KiB of kernels, because only data that has arrived holds memory, and a window that is large from the
     * start spares fast paths the round trips in which it would grow. The right edge of the window never moves left when it shrinks.
     */
    public int receiveBufferBytes() {
        return settings.receiveBufferBytes;
    }

    /**
     * What the receive buffer may grow to when the application reads so fast that the window limits the peer, in bytes. Default 15 MiB:
     * 1 Gbit/s over 125 ms. A UDP link stops the growth earlier, at half of the size asked for its socket's buffer. The window scale
     * offered in the handshake is the one this needs. If it is {@link #receiveBufferBytes}, the buffer doesn't grow.
     */
    public int maxReceiveBufferBytes() {
        return settings.maxReceiveBufferBytes;
    }

    /** RFC 7323 window scale option. Default on. */
    public boolean windowScaling() {
        return settings.windowScaling;
    }

    /** RFC 7323 timestamps. Default on. */
    public boolean timestamps() {
        return settings.timestamps;
    }

    /** RFC 2018 selective acknowledgments: offered in SYNs, and used if the peer offers them too. Default on. */
    public boolean sack() {
        return settings.sack;
    }

    /** RFC 2883: our selective acknowledgments also report what has arrived twice. No effect without {@link #sack}. Default on. */
    public boolean dsack() {
        return settings.dsack;
    }

    /** RACK, RFC 8985: losses are found by time. If not, by counting what is SACKed (RFC 6675). Needs SACK. Default on. */
    public boolean timeBasedLossDetection() {
        return settings.timeBasedLossDetection;
    }

    /** RFC 8985 section 7: after two silent round trips probe for a loss at the end of a flight. Needs SACK. Default on. */
    public boolean tailLossProbe() {
        return settings.tailLossProbe;
    }

    /** RFC 5682: look for proof that a timeout was spurious before everything is sent again. Default on. */
    public boolean forwardRto() {
        return settings.forwardRto;
    }

    /**
     * RFC 7765: the retransmission timer of the last few segments counts from when they left, not from the last ACK, so that their loss is
     * repaired a round trip sooner. No effect where tail loss probes are in use, which are sooner still. Default on; Linux has none of it.
     */
    public boolean rtoRestart() {
        return settings.rtoRestart;
    }

    /**
     * Spread what is sent over the round trip instead of sending bursts, also where the congestion control does not ask for it: at twice
     * the window a round trip in slow start, 1.2 times after. Default off.
     */
    public boolean pacing() {
        return settings.pacing;
    }

    /**
     * TCP Fast Open for active opens (RFC 7413): the SYN carries data to servers that have given a cookie, and asks others for one. What it
     * carries may reach the application twice. Default false.
     */
    public boolean fastOpenConnect() {
        return settings.fastOpenConnect;
    }

    /**
     * TCP Fast Open without cookies, as Linux's TCP_FASTOPEN_NO_COOKIE: of active opens, where {@link #fastOpenConnect()} is set, the SYN
     * carries data in any case; passive ones take it from any SYN, and answer whatever address that claims to come from with up to an
     * initial window (RFC 7413 section 7.3). Only for closed networks. Default false.
     */
    public boolean fastOpenWithoutCookie() {
        return settings.fastOpenWithoutCookie;
    }

    /** Turns Nagle's algorithm (RFC 9293 section 3.7.4) off. Default false, as in kernels; channels set it to true, as Netty's do. */
    public boolean noDelay() {
        return settings.noDelay;
    }

    /**
     * While set, only full segments leave, but for a rest that has waited for a retransmission timeout, at least 200 ms, with nothing in
     * flight (Linux TCP_CORK). Default false.
     */
    public boolean cork() {
        return settings.cork;
    }

    /** Acknowledge every segment at once while set (Linux TCP_QUICKACK, but permanent). Default false. */
    public boolean quickAck() {
        return settings.quickAck;
    }

    /** {@code write} takes no more once so many bytes wait unsent (Linux TCP_NOTSENT_LOWAT). Default: no limit. */
    public int notSentLowWaterBytes() {
        return settings.notSentLowWaterBytes;
    }

    /**
     * How many ACKs at the start, after idleness and after anything repeated leave at once so that the peer's slow start is not delayed;
     * no more than half of the receive window has segments. Linux: 16.
     */
    public int quickAckSegments() {
        return settings.quickAckSegments;
    }

    /**
     * How long an ACK waits for company, in nanoseconds, when segments arrive fast; it waits longer, up to {@link #delayedAckMaxNanos},
     * when they arrive seldom and the round trip is long. Linux: 40 ms.
     */
    public long delayedAckMinNanos() {
        return settings.delayedAckMinNanos;
    }

    /** Longest time an ACK waits, in nanoseconds; 0 for not at all. RFC 9293 section 3.8.6.3 allows 500 ms; Linux: 200 ms. */
    public long delayedAckMaxNanos() {
        return settings.delayedAckMaxNanos;
    }

    /** Retransmission timeout before the first RTT sample, in nanoseconds. RFC 6298 section 2.1 says 1 s. */
    public long initialRtoNanos() {
        return settings.initialRtoNanos;
    }

    /**
     * Lower bound of the retransmission timeout, in nanoseconds. RFC 6298 section 2.4 says 1 s; Linux ships 200 ms, and so do we, because
     * with timestamps spurious timeouts are rare and a second is an age in a data centre.
     */
    public long minRtoNanos() {
        return settings.minRtoNanos;
    }

    /** Upper bound of the retransmission timeout, in nanoseconds. RFC 6298 section 2.5 wants at least 60 s; Linux has 120 s. */
    public long maxRtoNanos() {
        return settings.maxRtoNanos;
    }

    /**
     * Retransmissions of a SYN before connect fails with a time-out, not counting {@link #synLinearRetries()}. Linux: 6, about 131 s with
     * those.
     */
    public int synRetries() {
        return settings.synRetries;
    }

    /**
     * Retransmissions of a SYN that do not double the timeout, so that a few losses cost seconds and not minutes; the doubling of RFC 6298
     * section 5.5 begins after them. Linux {@code tcp_syn_linear_timeouts}: 4.
     */
    public int synLinearRetries() {
        return settings.synLinearRetries;
    }

    /** Retransmissions of a SYN-ACK before the half-open connection is forgotten. Linux: 5, about 63 s. */
    public int synAckRetries() {
        return settings.synAckRetries;
    }

    /** Consecutive timeouts on the same data before the connection fails (R2 of RFC 9293 section 3.8.3). Linux: 15. */
    public int dataRetries() {
        return settings.dataRetries;
    }

    /** The same once the application has closed and nobody waits for the result. Linux: 8. */
    public int orphanRetries() {
        return settings.orphanRetries;
    }

    /**
     * How long a connection the application has closed waits in FIN-WAIT-2 for the peer's FIN, in nanoseconds. RFC 9293 section 3.3.2 has
     * no limit; Linux has 60 s, without which a silent peer would leak it.
     */
    public long finWait2Nanos() {
        return settings.finWait2Nanos;
    }

    /**
     * MSL in nanoseconds; TIME-WAIT lasts two. RFC 9293 section 3.4.2 says 2 minutes; Linux's TIME-WAIT of 60 s corresponds to the default
     * of 30 s.
     */
    public long maxSegmentLifetimeNanos() {
        return settings.maxSegmentLifetimeNanos;
    }

    /** Probe an idle peer (RFC 9293 section 3.8.4). Default false. */
    public boolean keepAlive() {
        return settings.keepAlive;
    }

    /** Idle time before the first keepalive probe, in nanoseconds. RFC 9293 section 3.8.4: no less than 2 h by default. */
    public long keepAliveIdleNanos() {
        return settings.keepAliveIdleNanos;
    }

    /** Time between keepalive probes, in nanoseconds. Linux: 75 s. */
    public long keepAliveIntervalNanos() {
        return settings.keepAliveIntervalNanos;
    }

    /** Unanswered keepalive probes after which the connection fails. Linux: 9. */
    public int keepAliveCount() {
        return settings.keepAliveCount;
    }

    /**
     * Longest time data, or a full zero window, may go unacknowledged before the connection fails, in nanoseconds (RFC 5482; Linux
     * TCP_USER_TIMEOUT). 0, the default, leaves it to the retry limits.
     */
    public long userTimeoutNanos() {
        return settings.userTimeoutNanos;
    }

    /**
     * At most one ACK in answer to an unacceptable segment in this time, per connection, in nanoseconds (RFC 5961 section 7, but without a
     * shared counter: CVE-2016-5696). Linux: 500 ms.
     */
    public long challengeAckIntervalNanos() {
        return settings.challengeAckIntervalNanos;
    }

    /** Restart from the initial window after an RTO of idleness (RFC 5681 section 4.1). Default true. */
    public boolean slowStartAfterIdle() {
        return settings.slowStartAfterIdle;
    }

    /**
     * PSH not only where the send queue ends (RFC 9293 section 3.9.1.2) but at the end of every burst of two or more segments, as Linux has
     * it: the peer's receive offload then passes on at once what it has collected. Default on.
     */
    public boolean burstPush() {
        return settings.burstPush;
    }

    /**
     * Smallest upper bound of a burst, in segments: on slow or long paths new data leaves in bursts of so many. Linux {@code
     * tcp_min_tso_segs}: 2.
     */
    public int minBurstSegments() {
        return settings.minBurstSegments;
    }

    /**
     * A burst that could be larger, and is smaller than this fraction of the window, waits for an ACK that is due within a millisecond.
     * Linux {@code tcp_tso_win_divisor}: 3; with 0 one of up to three segments waits, whatever the window.
     */
    public int burstWindowDivisor() {
        return settings.burstWindowDivisor;
    }

    /**
     * Whether segments shrink when the network reports that they are too big (RFC 1191, RFC 8201). Default true. False keeps the size that
     * link and peer allow, as a Linux socket does with IP_PMTUDISC_PROBE or INTERFACE.
     */
    public boolean pathMtuDiscovery() {
        return settings.pathMtuDiscovery;
    }

    /**
     * Whether the largest segment that the path carries is found out by trying (RFC 4821, Linux tcp_mtu_probing). Default: once a black
     * hole is suspected. Linux ships it off, but it hears the network's reports; over UDP they end in the sending host's kernel.
     */
    public MtuProbing mtuProbing() {
        return settings.mtuProbing;
    }

    /** Payload of the segments that probing begins with, in bytes. Linux tcp_base_mss: 1024, which RFC 4821 section 7.2 recommends. */
    public int mtuProbeBase() {
        return settings.mtuProbeBase;
    }

    /**
     * The IPv4 TOS or IPv6 traffic class octet of our packets (IP_TOS), of which the two ECN bits are not used. Default 0. A UDP link sets
     * it for its whole socket, or not at all.
     */
    public int trafficClass() {
        return settings.trafficClass;
    }

    /**
     * The kind of explicit congestion notification our SYN asks for. Default {@link EcnMode#OFF}, as in Linux (tcp_ecn = 2): some paths
     * lose such SYNs. A congestion control that {@linkplain CongestionControlFactory#needsEcn needs} ECN asks for
     * {@link EcnMode#CLASSIC} at least. Without effect on links that cannot carry the ECN field, such as UDP.
     */
    public EcnMode ecnOffered() {
        return settings.ecnOffered;
    }

    /** The most that a SYN of the peer is granted. Default {@link EcnMode#CLASSIC}, as in Linux. Without effect on links such as UDP. */
    public EcnMode ecnAccepted() {
        return settings.ecnAccepted;
    }

    /**
     * A SYN that asked for ECN and was lost is repeated without asking (RFC 3168 section 6.1.1.1), at once with {@link EcnMode#CLASSIC} and
     * the second time with {@link EcnMode#ACCURATE} (RFC 9768 section 3.1.4.1); and nothing is ECN-capable where the handshake shows that
     * the network mangles the ECN field. Default true. Linux: tcp_ecn_fallback.
     */
    public boolean ecnFallback() {
        return settings.ecnFallback;
    }

    /** When segments carry the option of {@link EcnMode#ACCURATE}. Default {@link EcnOptionUse#ALWAYS}. Linux: tcp_ecn_option. */
    public EcnOptionUse ecnOptionUse() {
        return settings.ecnOptionUse;
    }

    /**
     * How often in a round trip, at most, {@link EcnOptionUse#ON_DEMAND} sends the option though nothing has changed; 0 for never. Default
     * 3, as in Linux (tcp_ecn_option_beacon).
     */
    public int ecnOptionBeacon() {
        return settings.ecnOptionBeacon;
    }

    /**
     * These settings on a link.
     *
     * @param carriesEcn  whether the link writes and reads the ECN field of packets; if not, ECN is neither asked for nor granted: a mark
     *                    that nobody can read must not be asked for
     */
    public TcpConfig forLink(boolean carriesEcn) {
        if (carriesEcn || !settings.ecnCarried) {
            return this;
        }
        if (withoutEcn == null) {
            Settings plain = settings.clone();
            plain.ecnOffered = EcnMode.OFF;
            plain.ecnAccepted = EcnMode.OFF;
            plain.ecnCarried = false;
            withoutEcn = new TcpConfig(plain);
        }
        return withoutEcn;
    }

    /** These settings with {@link #noDelay()} on: the same object each time, so that the channels of a stack share it. */
    public TcpConfig withoutNagle() {
        if (settings.noDelay) {
            return this;
        }
        if (withoutNagle == null) {
            withoutNagle = toBuilder().noDelay(true).build();
        }
        return withoutNagle;
    }

    /** The congestion control cannot do without marks, and can get them. */
    boolean needsEcn() {
        return settings.ecnCarried && settings.congestionControl.needsEcn();
    }

    /** Makes the congestion control of each connection. Default: {@link CongestionControls#cubic()}. */
    public CongestionControlFactory congestionControl() {
        return settings.congestionControl;
    }
}
