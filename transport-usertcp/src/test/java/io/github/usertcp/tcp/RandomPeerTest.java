package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a peer sends and a user calls: no exception, no broken invariant, no foreign byte, bounded memory, and no timer or buffer left behind.
 */
class RandomPeerTest {
    private static final int RUNS = Integer.getInteger("usertcp.runs", 100);
    private static final int STEPS = 200;
    private static final int BUFFER = 20_000;

    @ParameterizedTest
    @EnumSource(Setup.Start.class)
    void nothingBreaksTheConnection(Setup.Start start) {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        System.out.println("a random peer from " + start + " runs with -Dusertcp.seed=" + seed);
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seed + run);
            Script script = script(start, random);
            RandomPeer peer = new RandomPeer(script, random);
            try {
                for (int step = 0; step < STEPS; step++) {
                    peer.step();
                    long memory = script.connection().memoryBytes();
                    assertTrue(memory <= 10L * BUFFER, () -> "memory held: " + memory);
                }
                script.finish();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("run " + run + " of seed " + seed + ": " + e.getMessage() + "\n" + peer, e);
            } finally {
                script.abandon();
            }
        }
        Script.takeUnfinished();
    }

    private static Script script(Setup.Start start, Random random) {
        Script script = switch (start) {
            case CLOSED -> Script.closed();
            case LISTENING -> Script.listening();
            case HALF_OPEN -> Script.halfOpen();
            case ESTABLISHED -> Script.established();
            case ACCEPTED -> Script.accepted();
            case OPENED_BY_SYN -> Script.openedBySyn(random.nextInt(2000));
        };
        script.mss(1000).config(c -> c.receiveBufferBytes(BUFFER).sendBufferBytes(BUFFER).dataRetries(3).keepAlive(random.nextBoolean())
            .userTimeoutNanos(random.nextInt(3) * 20_000_000_000L).quickAckSegments(random.nextInt(20))
            .mtuProbing(MtuProbing.values()[random.nextInt(3)]).mtuProbeBase(400));
        if (random.nextBoolean()) {
            script.timestamps();
        }
        if (random.nextBoolean()) {
            script.sack();
        }
        if (random.nextBoolean()) {
            script.peerWindowScale(random.nextInt(20));
        }
        if (start != Setup.Start.CLOSED) {
            return script;
        }
        return random.nextBoolean() ? script.connect() : script.connect(new FastOpenSyn(new byte[8], false, 900), random.nextInt(2000));
    }
}
