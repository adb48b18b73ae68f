package io.github.usertcp.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImpairmentTest {
    private static final Duration LONG = Duration.ofMinutes(10).plusNanos(1);

    @Test
    void everySettingStaysWhenAnotherIsMade() {
        Impairment all = Impairment.none().loss(0.01).delay(Duration.ofMillis(20)).jitter(Duration.ofMillis(5))
            .reordering(0.02, Duration.ofMillis(3)).duplication(0.03).rate(1_000_000, 5_000).holding(7, 8);
        assertEquals("loss 0.01, delay 20000 us, jitter 5000 us, reordering 0.02 by 3000 us, duplication 0.03, "
            + "rate 1000000 bit/s, queue 5000 bytes", all.toString());
        assertEquals(7, all.loss(0).maxHeldPackets());
        assertEquals(8, all.loss(0).maxHeldBytes());
        assertEquals("none", Impairment.none().toString(), "the others start anew");
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
            row("loss: -0.1 (expected: 0.0 to 1.0)", none -> none.loss(-0.1)),
            row("loss: 1.1 (expected: 0.0 to 1.0)", none -> none.loss(1.1)),
            row("loss: NaN (expected: 0.0 to 1.0)", none -> none.loss(Double.NaN)),
            row("share: 0.6 (expected: 0.0 to 0.5)", none -> none.lossInBursts(0.6, 2)),
            row("meanPackets: 0.5 (expected: 1.0 to 10000.0)", none -> none.lossInBursts(0.1, 0.5)),
            row("delay: PT-1S (expected: 0 to 10 minutes)", none -> none.delay(Duration.ofSeconds(-1))),
            row("delay: PT10M0.000000001S (expected: 0 to 10 minutes)", none -> none.delay(LONG)),
            row("jitter: PT10M0.000000001S (expected: 0 to 10 minutes)", none -> none.jitter(LONG)),
            row("reordering: 2.0 (expected: 0.0 to 1.0)", none -> none.reordering(2, Duration.ZERO)),
            row("reordering: PT10M0.000000001S (expected: 0 to 10 minutes)", none -> none.reordering(1, LONG)),
            row("duplication: 2.0 (expected: 0.0 to 1.0)", none -> none.duplication(2)),
            row("rate: 999.0 (expected: 1000.0 to 1.0E12)", none -> none.rate(999, 0)),
            row("queue: -1.0 (expected: 0.0 to 1.073741824E9)", none -> none.rate(1000, -1)),
            row("packets: 0.0 (expected: 1.0 to 1000000.0)", none -> none.holding(0, 1)),
            row("bytes: 0.0 (expected: 1.0 to 1.073741824E9)", none -> none.holding(1, 0)));
    }

    private static Arguments row(String message, UnaryOperator<Impairment> setting) {
        return Arguments.of(message, setting);
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void valueOutOfRangeIsRefused(String message, UnaryOperator<Impairment> setting) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> setting.apply(Impairment.none()));
        assertEquals(message, refused.getMessage());
    }
}
