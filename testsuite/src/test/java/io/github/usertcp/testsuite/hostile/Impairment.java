package io.github.usertcp.testsuite.hostile;

import java.util.SplittableRandom;

/**
 * How a network treats packets.
 *
 * @param loss            probability that one is lost
 * @param duplication     probability that one arrives twice
 * @param minDelayMillis  one way, at least
 * @param maxDelayMillis  one way, at most: the wider apart the two are, the more is reordered
 */
record Impairment(double loss, double duplication, int minDelayMillis, int maxDelayMillis) {
    /** From nothing at all to hardly usable. */
    static Impairment random(SplittableRandom random) {
        int minDelay = random.nextInt(0, 30);
        return new Impairment(random.nextBoolean() ? 0 : random.nextDouble(0.25), random.nextBoolean() ? 0 : random.nextDouble(0.2),
            minDelay, minDelay + (random.nextBoolean() ? 0 : random.nextInt(0, 100)));
    }
}
