package io.github.usertcp.tcp;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;

/**
 * The values of a {@link TcpConfig}, with their defaults; each is documented at the getter of the same name there. Written by
 * {@link TcpConfigBuilder} alone, which never lets go of the one it writes.
 */
final class Settings implements Cloneable {
    int maxSegmentSize;
    int initialWindowSegments = 10;
    int sendBufferBytes = 1 << 20;
    int maxSendBufferBytes = 15 << 20;
    int receiveBufferBytes = 1 << 20;
    int maxReceiveBufferBytes = 15 << 20;
    boolean windowScaling = true;
    boolean timestamps = true;
    boolean sack = true;
    boolean dsack = true;
    boolean timeBasedLossDetection = true;
    boolean tailLossProbe = true;
    boolean forwardRto = true;
    boolean rtoRestart = true;
    boolean pacing;
    boolean noDelay;
    boolean cork;
    boolean quickAck;
    boolean fastOpenConnect;
    boolean fastOpenWithoutCookie;
    int notSentLowWaterBytes = Integer.MAX_VALUE;
    int quickAckSegments = 16;
    long delayedAckMinNanos = 40_000_000L;
    long delayedAckMaxNanos = 200_000_000L;
    long initialRtoNanos = 1_000_000_000L;
    long minRtoNanos = 200_000_000L;
    long maxRtoNanos = 120_000_000_000L;
    int synRetries = 6;
    int synLinearRetries = 4;
    int synAckRetries = 5;
    int dataRetries = 15;
    int orphanRetries = 8;
    long finWait2Nanos = 60_000_000_000L;
    long maxSegmentLifetimeNanos = 30_000_000_000L;
    boolean keepAlive;
    long keepAliveIdleNanos = 7_200_000_000_000L;
    long keepAliveIntervalNanos = 75_000_000_000L;
    int keepAliveCount = 9;
    long userTimeoutNanos;
    long challengeAckIntervalNanos = 500_000_000L;
    boolean slowStartAfterIdle = true;
    boolean burstPush = true;
    int minBurstSegments = 2;
    int burstWindowDivisor = 3;
    boolean pathMtuDiscovery = true;
    MtuProbing mtuProbing = MtuProbing.ON_BLACK_HOLE;
    int mtuProbeBase = 1024;
    int trafficClass;
    EcnMode ecnOffered = EcnMode.OFF;
    EcnMode ecnAccepted = EcnMode.CLASSIC;
    boolean ecnFallback = true;
    EcnOptionUse ecnOptionUse = EcnOptionUse.ALWAYS;
    int ecnOptionBeacon = 3;
    /** False in {@link TcpConfig#forLink} alone. */
    boolean ecnCarried = true;
    CongestionControlFactory congestionControl = CongestionControls.cubic();

    @Override
    public Settings clone() {
        try {
            return (Settings) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
