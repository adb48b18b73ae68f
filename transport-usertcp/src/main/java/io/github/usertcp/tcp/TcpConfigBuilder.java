package io.github.usertcp.tcp;

import io.github.usertcp.congestion.CongestionControlFactory;
import java.util.Objects;

/** Collects the settings of a {@link TcpConfig}, each documented at the getter of the same name there. Not thread-safe. */
public final class TcpConfigBuilder {
    private final Settings settings;

    TcpConfigBuilder(Settings settings) {
        this.settings = settings;
    }

    public TcpConfigBuilder maxSegmentSize(int value) {
        if (value != 0) {
            check("maxSegmentSize", value, TcpConfig.MIN_SEGMENT_SIZE, 65_495);
        }
        settings.maxSegmentSize = value;
        return this;
    }

    public TcpConfigBuilder initialWindowSegments(int value) {
        settings.initialWindowSegments = (int) check("initialWindowSegments", value, 1, 1000);
        return this;
    }

    /** A send buffer of that size, which doesn't grow: sets {@link TcpConfig#maxSendBufferBytes} too. */
    public TcpConfigBuilder sendBufferBytes(int value) {
        return sendBufferBytes(value, value);
    }

    /** A send buffer that grows with the congestion window. A maximum below the initial size counts as equal to it. */
    public TcpConfigBuilder sendBufferBytes(int initial, int max) {
        int initialChecked = (int) check("sendBufferBytes", initial, 1024, 1 << 30);
        settings.maxSendBufferBytes = Math.max(initialChecked, (int) check("maxSendBufferBytes", max, 1024, 1 << 30));
        settings.sendBufferBytes = initialChecked;
        return this;
    }

    /** A receive buffer of that size, which doesn't grow: sets {@link TcpConfig#maxReceiveBufferBytes} too. */
    public TcpConfigBuilder receiveBufferBytes(int value) {
        return receiveBufferBytes(value, value);
    }

    /** A receive buffer that grows as the application reads. A maximum below the initial size counts as equal to it. */
    public TcpConfigBuilder receiveBufferBytes(int initial, int max) {
        int initialChecked = (int) check("receiveBufferBytes", initial, 1024, 1 << 30);
        settings.maxReceiveBufferBytes = Math.max(initialChecked, (int) check("maxReceiveBufferBytes", max, 1024, 1 << 30));
        settings.receiveBufferBytes = initialChecked;
        return this;
    }

    public TcpConfigBuilder windowScaling(boolean value) {
        settings.windowScaling = value;
        return this;
    }

    public TcpConfigBuilder timestamps(boolean value) {
        settings.timestamps = value;
        return this;
    }

    public TcpConfigBuilder sack(boolean value) {
        settings.sack = value;
        return this;
    }

    public TcpConfigBuilder dsack(boolean value) {
        settings.dsack = value;
        return this;
    }

    public TcpConfigBuilder timeBasedLossDetection(boolean value) {
        settings.timeBasedLossDetection = value;
        return this;
    }

    public TcpConfigBuilder tailLossProbe(boolean value) {
        settings.tailLossProbe = value;
        return this;
    }

    public TcpConfigBuilder forwardRto(boolean value) {
        settings.forwardRto = value;
        return this;
    }

    public TcpConfigBuilder rtoRestart(boolean value) {
        settings.rtoRestart = value;
        return this;
    }

    public TcpConfigBuilder pacing(boolean value) {
        settings.pacing = value;
        return this;
    }

    public TcpConfigBuilder fastOpenConnect(boolean value) {
        settings.fastOpenConnect = value;
        return this;
    }

    public TcpConfigBuilder fastOpenWithoutCookie(boolean value) {
        settings.fastOpenWithoutCookie = value;
        return this;
    }

    public TcpConfigBuilder noDelay(boolean value) {
        settings.noDelay = value;
        return this;
    }

    public TcpConfigBuilder cork(boolean value) {
        settings.cork = value;
        return this;
    }

    public TcpConfigBuilder quickAck(boolean value) {
        settings.quickAck = value;
        return this;
    }

    public TcpConfigBuilder notSentLowWaterBytes(int value) {
        settings.notSentLowWaterBytes = (int) check("notSentLowWaterBytes", value, 1, Integer.MAX_VALUE);
        return this;
    }

    public TcpConfigBuilder quickAckSegments(int value) {
        settings.quickAckSegments = (int) check("quickAckSegments", value, 0, 1000);
        return this;
    }

    public TcpConfigBuilder delayedAckMinNanos(long value) {
        settings.delayedAckMinNanos = check("delayedAckMinNanos", value, 0, 500_000_000L);
        return this;
    }

    public TcpConfigBuilder delayedAckMaxNanos(long value) {
        settings.delayedAckMaxNanos = check("delayedAckMaxNanos", value, 0, 500_000_000L);
        return this;
    }

    public TcpConfigBuilder initialRtoNanos(long value) {
        settings.initialRtoNanos = check("initialRtoNanos", value, 1_000_000L, 60_000_000_000L);
        return this;
    }

    public TcpConfigBuilder minRtoNanos(long value) {
        settings.minRtoNanos = check("minRtoNanos", value, 1_000_000L, 60_000_000_000L);
        return this;
    }

    public TcpConfigBuilder maxRtoNanos(long value) {
        settings.maxRtoNanos = check("maxRtoNanos", value, 1_000_000_000L, 600_000_000_000L);
        return this;
    }

    public TcpConfigBuilder synRetries(int value) {
        settings.synRetries = (int) check("synRetries", value, 0, 127);
        return this;
    }

    public TcpConfigBuilder synLinearRetries(int value) {
        settings.synLinearRetries = (int) check("synLinearRetries", value, 0, 127);
        return this;
    }

    public TcpConfigBuilder synAckRetries(int value) {
        settings.synAckRetries = (int) check("synAckRetries", value, 0, 127);
        return this;
    }

    public TcpConfigBuilder dataRetries(int value) {
        settings.dataRetries = (int) check("dataRetries", value, 1, 127);
        return this;
    }

    public TcpConfigBuilder orphanRetries(int value) {
        settings.orphanRetries = (int) check("orphanRetries", value, 1, 127);
        return this;
    }

    public TcpConfigBuilder finWait2Nanos(long value) {
        settings.finWait2Nanos = check("finWait2Nanos", value, 1_000_000L, 86_400_000_000_000L);
        return this;
    }

    public TcpConfigBuilder maxSegmentLifetimeNanos(long value) {
        settings.maxSegmentLifetimeNanos = check("maxSegmentLifetimeNanos", value, 1_000_000L, 240_000_000_000L);
        return this;
    }

    public TcpConfigBuilder keepAlive(boolean value) {
        settings.keepAlive = value;
        return this;
    }

    public TcpConfigBuilder keepAliveIdleNanos(long value) {
        settings.keepAliveIdleNanos = check("keepAliveIdleNanos", value, 1_000_000L, 32_767_000_000_000L);
        return this;
    }

    public TcpConfigBuilder keepAliveIntervalNanos(long value) {
        settings.keepAliveIntervalNanos = check("keepAliveIntervalNanos", value, 1_000_000L, 32_767_000_000_000L);
        return this;
    }

    public TcpConfigBuilder keepAliveCount(int value) {
        settings.keepAliveCount = (int) check("keepAliveCount", value, 1, 127);
        return this;
    }

    public TcpConfigBuilder userTimeoutNanos(long value) {
        settings.userTimeoutNanos = check("userTimeoutNanos", value, 0, 86_400_000_000_000L);
        return this;
    }

    public TcpConfigBuilder challengeAckIntervalNanos(long value) {
        settings.challengeAckIntervalNanos = check("challengeAckIntervalNanos", value, 0, 60_000_000_000L);
        return this;
    }

    public TcpConfigBuilder slowStartAfterIdle(boolean value) {
        settings.slowStartAfterIdle = value;
        return this;
    }

    public TcpConfigBuilder burstPush(boolean value) {
        settings.burstPush = value;
        return this;
    }

    public TcpConfigBuilder minBurstSegments(int value) {
        settings.minBurstSegments = (int) check("minBurstSegments", value, 1, 255);
        return this;
    }

    public TcpConfigBuilder burstWindowDivisor(int value) {
        settings.burstWindowDivisor = (int) check("burstWindowDivisor", value, 0, 255);
        return this;
    }

    public TcpConfigBuilder pathMtuDiscovery(boolean value) {
        settings.pathMtuDiscovery = value;
        return this;
    }

    public TcpConfigBuilder mtuProbing(MtuProbing value) {
        settings.mtuProbing = Objects.requireNonNull(value, "mtuProbing");
        return this;
    }

    public TcpConfigBuilder mtuProbeBase(int value) {
        settings.mtuProbeBase = (int) check("mtuProbeBase", value, TcpConfig.MIN_SEGMENT_SIZE, 65_495);
        return this;
    }

    public TcpConfigBuilder trafficClass(int value) {
        settings.trafficClass = (int) check("trafficClass", value, 0, 255);
        return this;
    }

    public TcpConfigBuilder ecnOffered(EcnMode value) {
        settings.ecnOffered = Objects.requireNonNull(value, "ecnOffered");
        return this;
    }

    public TcpConfigBuilder ecnAccepted(EcnMode value) {
        settings.ecnAccepted = Objects.requireNonNull(value, "ecnAccepted");
        return this;
    }

    public TcpConfigBuilder ecnFallback(boolean value) {
        settings.ecnFallback = value;
        return this;
    }

    public TcpConfigBuilder ecnOptionUse(EcnOptionUse value) {
        settings.ecnOptionUse = Objects.requireNonNull(value, "ecnOptionUse");
        return this;
    }

    public TcpConfigBuilder ecnOptionBeacon(int value) {
        settings.ecnOptionBeacon = (int) check("ecnOptionBeacon", value, 0, 255);
        return this;
    }

    public TcpConfigBuilder congestionControl(CongestionControlFactory value) {
        settings.congestionControl = Objects.requireNonNull(value, "congestionControl");
        return this;
    }

    public TcpConfig build() {
        return new TcpConfig(settings.clone());
    }

    private static long check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
        return value;
    }
}
