package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.congestion.CongestionControls;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings: nonsense is refused by name, value and range; what is set is kept by a copy. */
class TcpConfigTest {
    private static final long SECOND = 1_000_000_000L;

    private static Arguments ints(String name, BiFunction<TcpConfigBuilder, Integer, TcpConfigBuilder> setter, int min, int max) {
        BiFunction<TcpConfigBuilder, Long, TcpConfigBuilder> wide = (builder, value) -> setter.apply(builder, value.intValue());
        return Arguments.of(name, wide, (long) min, (long) max);
    }

    private static Arguments longs(String name, BiFunction<TcpConfigBuilder, Long, TcpConfigBuilder> setter, long min, long max) {
        return Arguments.of(name, setter, min, max);
    }

    static Stream<Arguments> settings() {
        return Stream.of(
            ints("maxSegmentSize", TcpConfigBuilder::maxSegmentSize, 48, 65_495),
            ints("initialWindowSegments", TcpConfigBuilder::initialWindowSegments, 1, 1000),
            ints("sendBufferBytes", TcpConfigBuilder::sendBufferBytes, 1024, 1 << 30),
            ints("receiveBufferBytes", TcpConfigBuilder::receiveBufferBytes, 1024, 1 << 30),
            ints("quickAckSegments", TcpConfigBuilder::quickAckSegments, 0, 1000),
            longs("delayedAckMinNanos", TcpConfigBuilder::delayedAckMinNanos, 0, SECOND / 2),
            longs("delayedAckMaxNanos", TcpConfigBuilder::delayedAckMaxNanos, 0, SECOND / 2),
            ints("maxReceiveBufferBytes", (builder, bytes) -> builder.receiveBufferBytes(1024, bytes), 1024, 1 << 30),
            longs("initialRtoNanos", TcpConfigBuilder::initialRtoNanos, 1_000_000, 60 * SECOND),
            longs("minRtoNanos", TcpConfigBuilder::minRtoNanos, 1_000_000, 60 * SECOND),
            longs("maxRtoNanos", TcpConfigBuilder::maxRtoNanos, SECOND, 600 * SECOND),
            ints("synRetries", TcpConfigBuilder::synRetries, 0, 127),
            ints("synLinearRetries", TcpConfigBuilder::synLinearRetries, 0, 127),
            ints("synAckRetries", TcpConfigBuilder::synAckRetries, 0, 127),
            ints("dataRetries", TcpConfigBuilder::dataRetries, 1, 127),
            ints("orphanRetries", TcpConfigBuilder::orphanRetries, 1, 127),
            longs("finWait2Nanos", TcpConfigBuilder::finWait2Nanos, 1_000_000, 86_400 * SECOND),
            longs("maxSegmentLifetimeNanos", TcpConfigBuilder::maxSegmentLifetimeNanos, 1_000_000, 240 * SECOND),
            longs("keepAliveIdleNanos", TcpConfigBuilder::keepAliveIdleNanos, 1_000_000, 32_767 * SECOND),
            longs("keepAliveIntervalNanos", TcpConfigBuilder::keepAliveIntervalNanos, 1_000_000, 32_767 * SECOND),
            ints("keepAliveCount", TcpConfigBuilder::keepAliveCount, 1, 127),
            longs("userTimeoutNanos", TcpConfigBuilder::userTimeoutNanos, 0, 86_400 * SECOND),
            longs("challengeAckIntervalNanos", TcpConfigBuilder::challengeAckIntervalNanos, 0, 60 * SECOND),
            ints("minBurstSegments", TcpConfigBuilder::minBurstSegments, 1, 255),
            ints("burstWindowDivisor", TcpConfigBuilder::burstWindowDivisor, 0, 255),
            ints("mtuProbeBase", TcpConfigBuilder::mtuProbeBase, 48, 65_495),
            ints("trafficClass", TcpConfigBuilder::trafficClass, 0, 255),
            ints("ecnOptionBeacon", TcpConfigBuilder::ecnOptionBeacon, 0, 255));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void valuesOutsideTheRangeAreRefusedByName(
            String name, BiFunction<TcpConfigBuilder, Long, TcpConfigBuilder> setter, long min, long max) {
        setter.apply(TcpConfig.builder(), min).build();
        setter.apply(TcpConfig.builder(), max).build();
        for (long wrong : new long[] {min - 1, max + 1}) {
            String message = assertThrows(IllegalArgumentException.class, () -> setter.apply(TcpConfig.builder(), wrong)).getMessage();
            for (Object part : new Object[] {name, wrong, min, max}) {
                assertTrue(message.contains(part.toString()), message);
            }
        }
    }

    @Test void copyKeepsEverySetting() {
        TcpConfig config = TcpConfig.builder().maxSegmentSize(500).initialWindowSegments(3).sendBufferBytes(5000)
            .receiveBufferBytes(6000, 6100).windowScaling(false).timestamps(false).sack(false).dsack(false).fastOpenConnect(true)
            .fastOpenWithoutCookie(true).noDelay(true).cork(true).quickAck(true).notSentLowWaterBytes(77)
            .quickAckSegments(5).delayedAckMinNanos(6).delayedAckMaxNanos(7).initialRtoNanos(7_000_000).minRtoNanos(8_000_000).maxRtoNanos(9 * SECOND)
            .synRetries(10).synLinearRetries(24).synAckRetries(11).dataRetries(12).orphanRetries(13).finWait2Nanos(14 * SECOND)
            .maxSegmentLifetimeNanos(15 * SECOND)
            .keepAlive(true).keepAliveIdleNanos(16 * SECOND).keepAliveIntervalNanos(17 * SECOND).keepAliveCount(18)
            .userTimeoutNanos(19 * SECOND).challengeAckIntervalNanos(20).slowStartAfterIdle(false).trafficClass(21)
            .rtoRestart(false).burstPush(false).pathMtuDiscovery(false).mtuProbing(MtuProbing.ALWAYS).mtuProbeBase(512)
            .minBurstSegments(22).burstWindowDivisor(23)
            .ecnOffered(EcnMode.ACCURATE).ecnAccepted(EcnMode.ACCURATE).ecnFallback(false).ecnOptionUse(EcnOptionUse.ON_DEMAND)
            .ecnOptionBeacon(24)
            .congestionControl(CongestionControls.fixedWindow(1000)).build();
        TcpConfig copy = config.toBuilder().build();
        assertEquals(describe(config), describe(copy));
        assertTrue(!describe(config).equals(describe(TcpConfig.defaults())));
    }

    private static String describe(TcpConfig c) {
        return Stream.of(c.maxSegmentSize(), c.initialWindowSegments(), c.sendBufferBytes(), c.maxSendBufferBytes(), c.receiveBufferBytes(), c.maxReceiveBufferBytes(), c.windowScaling(),
            c.timestamps(), c.sack(), c.dsack(), c.noDelay(), c.cork(), c.quickAck(), c.notSentLowWaterBytes(), c.quickAckSegments(),
            c.delayedAckMinNanos(), c.delayedAckMaxNanos(), c.initialRtoNanos(), c.minRtoNanos(), c.maxRtoNanos(), c.synRetries(), c.synAckRetries(), c.dataRetries(),
            c.orphanRetries(), c.finWait2Nanos(), c.maxSegmentLifetimeNanos(), c.keepAlive(), c.keepAliveIdleNanos(),
            c.keepAliveIntervalNanos(), c.keepAliveCount(), c.userTimeoutNanos(), c.challengeAckIntervalNanos(), c.slowStartAfterIdle(),
            c.trafficClass(), c.synLinearRetries(), c.pathMtuDiscovery(), c.mtuProbing(), c.mtuProbeBase(),
            c.rtoRestart(), c.burstPush(), c.minBurstSegments(), c.burstWindowDivisor(),
            c.ecnOffered(), c.ecnAccepted(), c.ecnFallback(), c.ecnOptionUse(), c.ecnOptionBeacon(), c.congestionControl()).toList().toString();
    }

    @Test void aLinkThatCarriesNoEcnFieldAsksForNothingAndGrantsNothing() {
        TcpConfig config = TcpConfig.builder().ecnOffered(EcnMode.ACCURATE).ecnAccepted(EcnMode.ACCURATE)
            .congestionControl(CongestionControls.dctcp()).build();
        assertSame(config, config.forLink(true));
        TcpConfig onLink = config.forLink(false);
        assertSame(onLink, config.forLink(false));
        assertEquals(EcnMode.OFF, onLink.ecnOffered());
        assertEquals(EcnMode.OFF, onLink.ecnAccepted());
        assertFalse(onLink.needsEcn());
    }

    @Test void channelsShareTheSettingsWithoutNaglesAlgorithm() {
        TcpConfig config = TcpConfig.builder().keepAlive(true).build();
        TcpConfig channels = config.withoutNagle();
        assertTrue(channels.noDelay());
        assertTrue(channels.keepAlive());
        assertFalse(config.noDelay());
        assertSame(channels, config.withoutNagle());
        assertSame(channels, channels.withoutNagle());
    }

    @Test void defaultsAreThoseOfTheDocumentation() {
        TcpConfig c = TcpConfig.defaults();
        assertEquals(10, c.initialWindowSegments());
        assertEquals(1 << 20, c.sendBufferBytes());
        assertEquals(15 << 20, c.maxSendBufferBytes());
        assertEquals(SECOND, c.initialRtoNanos());
        assertEquals(SECOND / 5, c.minRtoNanos());
        assertEquals(120 * SECOND, c.maxRtoNanos());
        assertEquals(7200 * SECOND, c.keepAliveIdleNanos());
        assertEquals(30 * SECOND, c.maxSegmentLifetimeNanos());
        assertEquals(CongestionControls.cubic().name(), c.congestionControl().name());
    }

    @Test void linuxDiffersInBuffersProbesAndRtoRestartOnly() {
        TcpConfig ours = TcpConfig.linux().toBuilder().sendBufferBytes(TcpConfig.defaults().sendBufferBytes(), TcpConfig.defaults().maxSendBufferBytes())
            .receiveBufferBytes(TcpConfig.defaults().receiveBufferBytes(), TcpConfig.defaults().maxReceiveBufferBytes())
            .mtuProbing(TcpConfig.defaults().mtuProbing()).rtoRestart(true).build();
        assertEquals(describe(TcpConfig.defaults()), describe(ours));
        assertEquals(6 << 20, TcpConfig.linux().maxReceiveBufferBytes());
    }

    @Test void congestionControlIsRequired() {
        assertThrows(NullPointerException.class, () -> TcpConfig.builder().congestionControl(null));
    }
}
