package io.github.usertcp.tcp;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;
import java.util.Objects;

/**
 * The settings of a connection. Immutable: to change one, {@linkplain #toBuilder() build} another and give it to
 * {@link TcpConnection#reconfigure}; what the handshake has negotiated stays as negotiated.
 *
 * <p>Every setter of the {@link Builder} throws {@link IllegalArgumentException} naming setting, value and range when the value is out of
 * range.
 */
public final class TcpConfig {
    /** Smallest MSS accepted from anyone but the configuration's author, in bytes: less is an attack (CVE-2019-11479). Linux: 48. */
    public static final int MIN_SEGMENT_SIZE = 48;

    private static final TcpConfig DEFAULT = builder().build();

    private final int maxSegmentSize;
    private final int initialWindowSegments;
    private final int sendBufferBytes;
    private final int receiveBufferBytes;
    private final boolean windowScaling;
    private final boolean timestamps;
    private final boolean sack;
    private final boolean noDelay;
    private final boolean cork;
    private final boolean quickAck;
    private final int notSentLowWaterBytes;
    private final int quickAckSegments;
    private final long delayedAckNanos;
    private final long initialRtoNanos;
    private final long minRtoNanos;
    private final long maxRtoNanos;
    private final int synRetries;
    private final int synAckRetries;
    private final int dataRetries;
    private final int orphanRetries;
    private final long finWait2Nanos;
    private final long maxSegmentLifetimeNanos;
    private final boolean keepAlive;
    private final long keepAliveIdleNanos;
    private final long keepAliveIntervalNanos;
    private final int keepAliveCount;
    private final long userTimeoutNanos;
    private final long challengeAckIntervalNanos;
    private final boolean slowStartAfterIdle;
    private final int trafficClass;
    private final CongestionControlFactory congestionControl;

    private TcpConfig(Builder builder) {
        maxSegmentSize = builder.maxSegmentSize;
        initialWindowSegments = builder.initialWindowSegments;
        sendBufferBytes = builder.sendBufferBytes;
        receiveBufferBytes = builder.receiveBufferBytes;
        windowScaling = builder.windowScaling;
        timestamps = builder.timestamps;
        sack = builder.sack;
        noDelay = builder.noDelay;
        cork = builder.cork;
        quickAck = builder.quickAck;
        notSentLowWaterBytes = builder.notSentLowWaterBytes;
        quickAckSegments = builder.quickAckSegments;
        delayedAckNanos = builder.delayedAckNanos;
        initialRtoNanos = builder.initialRtoNanos;
        minRtoNanos = builder.minRtoNanos;
        maxRtoNanos = builder.maxRtoNanos;
        synRetries = builder.synRetries;
        synAckRetries = builder.synAckRetries;
        dataRetries = builder.dataRetries;
        orphanRetries = builder.orphanRetries;
        finWait2Nanos = builder.finWait2Nanos;
        maxSegmentLifetimeNanos = builder.maxSegmentLifetimeNanos;
        keepAlive = builder.keepAlive;
        keepAliveIdleNanos = builder.keepAliveIdleNanos;
        keepAliveIntervalNanos = builder.keepAliveIntervalNanos;
        keepAliveCount = builder.keepAliveCount;
        userTimeoutNanos = builder.userTimeoutNanos;
        challengeAckIntervalNanos = builder.challengeAckIntervalNanos;
        slowStartAfterIdle = builder.slowStartAfterIdle;
        trafficClass = builder.trafficClass;
        congestionControl = builder.congestionControl;
    }

    /** All defaults. */
    public static TcpConfig defaults() {
        return DEFAULT;
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Upper bound of the MSS we announce and use, in bytes; 0 (the default) means what the link's MTU allows. Below 48 nothing but 0 is
     * accepted.
     */
    public int maxSegmentSize() {
        return maxSegmentSize;
    }

    /** Initial congestion window in segments of the sender's MSS. RFC 6928 section 2 says 10. */
    public int initialWindowSegments() {
        return initialWindowSegments;
    }

    /**
     * Payload bytes that {@code write} takes before it answers 0: unacknowledged and unsent together. Default 1 MiB. Existing data is kept
     * when it shrinks.
     */
    public int sendBufferBytes() {
        return sendBufferBytes;
    }

    /**
     * Bytes received and not yet read at which the receive window is closed; the largest window we offer. Default 1 MiB. The right edge of
     * the window never moves left when it shrinks.
     */
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    /** RFC 7323 window scale option. Default on. */
    public boolean windowScaling() {
        return windowScaling;
    }

    /** RFC 7323 timestamps. Default on. */
    public boolean timestamps() {
        return timestamps;
    }

    /** RFC 2018 selective acknowledgments. Default off until the sender's scoreboard uses them. */
    public boolean sack() {
        return sack;
    }

    /** Turns Nagle's algorithm (RFC 9293 section 3.7.4) off. Default false, as in kernels; channels set it to true, as Netty's do. */
    public boolean noDelay() {
        return noDelay;
    }

    /** While set, only full segments leave, for at most 200 ms (Linux TCP_CORK). Default false. */
    public boolean cork() {
        return cork;
    }

    /** Acknowledge every segment at once while set (Linux TCP_QUICKACK, but permanent). Default false. */
    public boolean quickAck() {
        return quickAck;
    }

    /** {@code write} takes no more once so many bytes wait unsent (Linux TCP_NOTSENT_LOWAT). Default: no limit. */
    public int notSentLowWaterBytes() {
        return notSentLowWaterBytes;
    }

    /**
     * How many segments at the start, and after idleness, are acknowledged at once so that the peer's slow start is not delayed. Linux: 16.
     */
    public int quickAckSegments() {
        return quickAckSegments;
    }

    /**
     * Longest time an ACK waits for company, in nanoseconds. RFC 9293 section 3.8.6.3 allows 500 ms; Linux's minimum of 40 ms is the
     * default.
     */
    public long delayedAckNanos() {
        return delayedAckNanos;
    }

    /** Retransmission timeout before the first RTT sample, in nanoseconds. RFC 6298 section 2.1 says 1 s. */
    public long initialRtoNanos() {
        return initialRtoNanos;
    }

    /**
     * Lower bound of the retransmission timeout, in nanoseconds. RFC 6298 section 2.4 says 1 s; Linux ships 200 ms, and so do we, because
     * with timestamps spurious timeouts are rare and a second is an age in a data centre.
     */
    public long minRtoNanos() {
        return minRtoNanos;
    }

    /** Upper bound of the retransmission timeout, in nanoseconds. RFC 6298 section 2.5 wants at least 60 s; Linux has 120 s. */
    public long maxRtoNanos() {
        return maxRtoNanos;
    }

    /** Retransmissions of a SYN before connect fails with a time-out. Linux: 6, about 127 s. */
    public int synRetries() {
        return synRetries;
    }

    /** Retransmissions of a SYN-ACK before the half-open connection is forgotten. Linux: 5, about 63 s. */
    public int synAckRetries() {
        return synAckRetries;
    }

    /** Consecutive timeouts on the same data before the connection fails (R2 of RFC 9293 section 3.8.3). Linux: 15. */
    public int dataRetries() {
        return dataRetries;
    }

    /** The same once the application has closed and nobody waits for the result. Linux: 8. */
    public int orphanRetries() {
        return orphanRetries;
    }

    /**
     * How long a connection the application has closed waits in FIN-WAIT-2 for the peer's FIN, in nanoseconds. RFC 9293 section 3.3.2 has
     * no limit; Linux has 60 s, without which a silent peer would leak it.
     */
    public long finWait2Nanos() {
        return finWait2Nanos;
    }

    /**
     * MSL in nanoseconds; TIME-WAIT lasts two. RFC 9293 section 3.4.2 says 2 minutes; Linux's TIME-WAIT of 60 s corresponds to the default
     * of 30 s.
     */
    public long maxSegmentLifetimeNanos() {
        return maxSegmentLifetimeNanos;
    }

    /** Probe an idle peer (RFC 9293 section 3.8.4). Default false. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Idle time before the first keepalive probe, in nanoseconds. RFC 9293 section 3.8.4: no less than 2 h by default. */
    public long keepAliveIdleNanos() {
        return keepAliveIdleNanos;
    }

    /** Time between keepalive probes, in nanoseconds. Linux: 75 s. */
    public long keepAliveIntervalNanos() {
        return keepAliveIntervalNanos;
    }

    /** Unanswered keepalive probes after which the connection fails. Linux: 9. */
    public int keepAliveCount() {
        return keepAliveCount;
    }

    /**
     * Longest time data, or a full zero window, may go unacknowledged before the connection fails, in nanoseconds (RFC 5482; Linux
     * TCP_USER_TIMEOUT). 0, the default, leaves it to the retry limits.
     */
    public long userTimeoutNanos() {
        return userTimeoutNanos;
    }

    /**
     * At most one ACK in answer to an unacceptable segment in this time, per connection, in nanoseconds (RFC 5961 section 7, but without a
     * shared counter: CVE-2016-5696). Linux: 500 ms.
     */
    public long challengeAckIntervalNanos() {
        return challengeAckIntervalNanos;
    }

    /** Restart from the initial window after an RTO of idleness (RFC 5681 section 4.1). Default true. */
    public boolean slowStartAfterIdle() {
        return slowStartAfterIdle;
    }

    /**
     * The IPv4 TOS or IPv6 traffic class octet of our packets (IP_TOS). Default 0. A UDP link sets it for its whole socket, or not at all.
     */
    public int trafficClass() {
        return trafficClass;
    }

    /** Makes the congestion control of each connection. Default: {@link CongestionControls#newReno()}. */
    public CongestionControlFactory congestionControl() {
        return congestionControl;
    }

    /** Collects settings, each documented at the getter of the same name. Not thread-safe. */
    public static final class Builder {
        private int maxSegmentSize;
        private int initialWindowSegments = 10;
        private int sendBufferBytes = 1 << 20;
        private int receiveBufferBytes = 1 << 20;
        private boolean windowScaling = true;
        private boolean timestamps = true;
        private boolean sack;
        private boolean noDelay;
        private boolean cork;
        private boolean quickAck;
        private int notSentLowWaterBytes = Integer.MAX_VALUE;
        private int quickAckSegments = 16;
        private long delayedAckNanos = 40_000_000L;
        private long initialRtoNanos = 1_000_000_000L;
        private long minRtoNanos = 200_000_000L;
        private long maxRtoNanos = 120_000_000_000L;
        private int synRetries = 6;
        private int synAckRetries = 5;
        private int dataRetries = 15;
        private int orphanRetries = 8;
        private long finWait2Nanos = 60_000_000_000L;
        private long maxSegmentLifetimeNanos = 30_000_000_000L;
        private boolean keepAlive;
        private long keepAliveIdleNanos = 7_200_000_000_000L;
        private long keepAliveIntervalNanos = 75_000_000_000L;
        private int keepAliveCount = 9;
        private long userTimeoutNanos;
        private long challengeAckIntervalNanos = 500_000_000L;
        private boolean slowStartAfterIdle = true;
        private int trafficClass;
        private CongestionControlFactory congestionControl = CongestionControls.newReno();

        private Builder() {
        }

        private Builder(TcpConfig from) {
            maxSegmentSize = from.maxSegmentSize;
            initialWindowSegments = from.initialWindowSegments;
            sendBufferBytes = from.sendBufferBytes;
            receiveBufferBytes = from.receiveBufferBytes;
            windowScaling = from.windowScaling;
            timestamps = from.timestamps;
            sack = from.sack;
            noDelay = from.noDelay;
            cork = from.cork;
            quickAck = from.quickAck;
            notSentLowWaterBytes = from.notSentLowWaterBytes;
            quickAckSegments = from.quickAckSegments;
            delayedAckNanos = from.delayedAckNanos;
            initialRtoNanos = from.initialRtoNanos;
            minRtoNanos = from.minRtoNanos;
            maxRtoNanos = from.maxRtoNanos;
            synRetries = from.synRetries;
            synAckRetries = from.synAckRetries;
            dataRetries = from.dataRetries;
            orphanRetries = from.orphanRetries;
            finWait2Nanos = from.finWait2Nanos;
            maxSegmentLifetimeNanos = from.maxSegmentLifetimeNanos;
            keepAlive = from.keepAlive;
            keepAliveIdleNanos = from.keepAliveIdleNanos;
            keepAliveIntervalNanos = from.keepAliveIntervalNanos;
            keepAliveCount = from.keepAliveCount;
            userTimeoutNanos = from.userTimeoutNanos;
            challengeAckIntervalNanos = from.challengeAckIntervalNanos;
            slowStartAfterIdle = from.slowStartAfterIdle;
            trafficClass = from.trafficClass;
            congestionControl = from.congestionControl;
        }

        public Builder maxSegmentSize(int value) {
            if (value != 0) {
                check("maxSegmentSize", value, MIN_SEGMENT_SIZE, 65_495);
            }
            maxSegmentSize = value;
            return this;
        }

        public Builder initialWindowSegments(int value) {
            initialWindowSegments = (int) check("initialWindowSegments", value, 1, 1000);
            return this;
        }

        public Builder sendBufferBytes(int value) {
            sendBufferBytes = (int) check("sendBufferBytes", value, 1024, 1 << 30);
            return this;
        }

        public Builder receiveBufferBytes(int value) {
            receiveBufferBytes = (int) check("receiveBufferBytes", value, 1024, 1 << 30);
            return this;
        }

        public Builder windowScaling(boolean value) {
            windowScaling = value;
            return this;
        }

        public Builder timestamps(boolean value) {
            timestamps = value;
            return this;
        }

        public Builder sack(boolean value) {
            sack = value;
            return this;
        }

        public Builder noDelay(boolean value) {
            noDelay = value;
            return this;
        }

        public Builder cork(boolean value) {
            cork = value;
            return this;
        }

        public Builder quickAck(boolean value) {
            quickAck = value;
            return this;
        }

        public Builder notSentLowWaterBytes(int value) {
            notSentLowWaterBytes = (int) check("notSentLowWaterBytes", value, 1, Integer.MAX_VALUE);
            return this;
        }

        public Builder quickAckSegments(int value) {
            quickAckSegments = (int) check("quickAckSegments", value, 0, 1000);
            return this;
        }

        public Builder delayedAckNanos(long value) {
            delayedAckNanos = check("delayedAckNanos", value, 0, 500_000_000L);
            return this;
        }

        public Builder initialRtoNanos(long value) {
            initialRtoNanos = check("initialRtoNanos", value, 1_000_000L, 60_000_000_000L);
            return this;
        }

        public Builder minRtoNanos(long value) {
            minRtoNanos = check("minRtoNanos", value, 1_000_000L, 60_000_000_000L);
            return this;
        }

        public Builder maxRtoNanos(long value) {
            maxRtoNanos = check("maxRtoNanos", value, 1_000_000_000L, 600_000_000_000L);
            return this;
        }

        public Builder synRetries(int value) {
            synRetries = (int) check("synRetries", value, 0, 127);
            return this;
        }

        public Builder synAckRetries(int value) {
            synAckRetries = (int) check("synAckRetries", value, 0, 127);
            return this;
        }

        public Builder dataRetries(int value) {
            dataRetries = (int) check("dataRetries", value, 1, 127);
            return this;
        }

        public Builder orphanRetries(int value) {
            orphanRetries = (int) check("orphanRetries", value, 1, 127);
            return this;
        }

        public Builder finWait2Nanos(long value) {
            finWait2Nanos = check("finWait2Nanos", value, 1_000_000L, 86_400_000_000_000L);
            return this;
        }

        public Builder maxSegmentLifetimeNanos(long value) {
            maxSegmentLifetimeNanos = check("maxSegmentLifetimeNanos", value, 1_000_000L, 240_000_000_000L);
            return this;
        }

        public Builder keepAlive(boolean value) {
            keepAlive = value;
            return this;
        }

        public Builder keepAliveIdleNanos(long value) {
            keepAliveIdleNanos = check("keepAliveIdleNanos", value, 1_000_000L, 32_767_000_000_000L);
            return this;
        }

        public Builder keepAliveIntervalNanos(long value) {
            keepAliveIntervalNanos = check("keepAliveIntervalNanos", value, 1_000_000L, 32_767_000_000_000L);
            return this;
        }

        public Builder keepAliveCount(int value) {
            keepAliveCount = (int) check("keepAliveCount", value, 1, 127);
            return this;
        }

        public Builder userTimeoutNanos(long value) {
            userTimeoutNanos = check("userTimeoutNanos", value, 0, 86_400_000_000_000L);
            return this;
        }

        public Builder challengeAckIntervalNanos(long value) {
            challengeAckIntervalNanos = check("challengeAckIntervalNanos", value, 0, 60_000_000_000L);
            return this;
        }

        public Builder slowStartAfterIdle(boolean value) {
            slowStartAfterIdle = value;
            return this;
        }

        public Builder trafficClass(int value) {
            trafficClass = (int) check("trafficClass", value, 0, 255);
            return this;
        }

        public Builder congestionControl(CongestionControlFactory value) {
            congestionControl = Objects.requireNonNull(value, "congestionControl");
            return this;
        }

        public TcpConfig build() {
            return new TcpConfig(this);
        }

        private static long check(String name, long value, long min, long max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
            }
            return value;
        }
    }
}
