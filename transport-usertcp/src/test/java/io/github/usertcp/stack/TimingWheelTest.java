package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a plain array of deadlines. */
class TimingWheelTest {
    private static final int ROWS = 200;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void expiresWhatIsDueAndNothingElse(long seed) {
        Random random = new Random(seed);
        long now = random.nextLong() >> 8;
        TimingWheel wheel = new TimingWheel(now);
        wheel.capacity(ROWS);
        long[] expected = new long[ROWS];
        Arrays.fill(expected, Long.MAX_VALUE);
        for (int step = 0; step < 20_000; step++) {
            int row = random.nextInt(ROWS);
            if (random.nextInt(4) == 0) {
                wheel.cancel(row);
                expected[row] = Long.MAX_VALUE;
            } else {
                expected[row] = now + (random.nextLong() >>> 20 + random.nextInt(44)) - 1000;
                wheel.schedule(row, expected[row]);
            }
            assertTrue(wheel.earliestNanos() <= Arrays.stream(expected).min().getAsLong(), "seed " + seed + " step " + step);
            if (random.nextInt(3) == 0) {
                now += random.nextLong() >>> 24 + random.nextInt(40);
                expireAndCompare(wheel, expected, now, "seed " + seed + " step " + step);
            }
        }
    }

    private static void expireAndCompare(TimingWheel wheel, long[] expected, long now, String where) {
        Set<Integer> due = new HashSet<>();
        for (int row = 0; row < ROWS; row++) {
            if (expected[row] <= now) {
                due.add(row);
                expected[row] = Long.MAX_VALUE;
            }
        }
        Set<Integer> expired = new HashSet<>();
        for (int row = wheel.pollExpired(now); row != TimingWheel.NONE; row = wheel.pollExpired(now)) {
            assertTrue(expired.add(row), where);
            assertFalse(wheel.isScheduled(row), where);
        }
        assertEquals(due, expired, where);
        wheel.refresh();
        assertEquals(Arrays.stream(expected).min().getAsLong(), wheel.earliestNanos(), where);
    }

    @Test
    void nothingExpiresANanosecondEarly() {
        TimingWheel wheel = new TimingWheel(0);
        wheel.capacity(1);
        for (long deadline : new long[] {1, 65_535, 65_536, 4_194_304, 1_000_000_000, 7_200_000_000_000L, Long.MAX_VALUE - 1}) {
            wheel.schedule(0, deadline);
            assertEquals(TimingWheel.NONE, wheel.pollExpired(deadline - 1));
            assertEquals(0, wheel.pollExpired(deadline));
        }
    }

    @Test
    void anEmptyWheelWaitsForNothing() {
        TimingWheel wheel = new TimingWheel(5);
        wheel.capacity(1);
        assertEquals(Long.MAX_VALUE, wheel.earliestNanos());
        assertEquals(TimingWheel.NONE, wheel.pollExpired(Long.MAX_VALUE));
    }
}
