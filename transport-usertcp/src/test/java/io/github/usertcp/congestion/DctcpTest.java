package io.github.usertcp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DCTCP against RFC 8257 section 3; SMSS 1000, window 100 segments. */
class DctcpTest {
    private final Dctcp dctcp = new Dctcp();
    private final AckSample sample = new AckSample();

    @BeforeEach void establish() {
        dctcp.onEstablished(1000, 100_000, 100_000, 0);
    }

    /** A round trip of ten ACKs, of which some tell of marks. The last one of it ends the observation. */
    private void round(int marked) {
        for (int i = 1; i <= 10; i++) {
            dctcp.onAck(sample.start(0, 1000, 1).limits(false, false).marked(i <= marked ? 1000 : 0).sent(0, 0, 0, i == 10));
        }
    }

    @Test @Tag("RFC8257-3.3") void alphaIsOneAtFirst() {
        dctcp.onCongestionExperienced(100_000, 0);
        assertEquals(50_000, dctcp.cwndBytes());
        assertEquals(50_000, dctcp.ssthreshBytes());
    }

    @Test @Tag("RFC8257-3.3") void oneRoundMovesAlphaByASixteenth() {
        round(0);
        assertEquals(15 / 16.0, dctcp.alpha());
        round(10);
        assertEquals(15 / 16.0 + 1 / 256.0, dctcp.alpha(), 1e-12);
        round(5);
        assertEquals((15 / 16.0 + 1 / 256.0) * 15 / 16 + 0.5 / 16, dctcp.alpha(), 1e-12);
    }

    @ParameterizedTest @Tag("RFC8257-3.3")
    @ValueSource(ints = {0, 1, 3, 5, 10})
    void alphaConvergesToTheShareOfMarkedBytes(int marked) {
        for (int i = 0; i < 200; i++) {
            round(marked);
        }
        assertEquals(marked / 10.0, dctcp.alpha(), 1e-4);
        dctcp.onCongestionExperienced(100_000, 0);
        assertEquals(100_000 * (1 - marked / 20.0), dctcp.cwndBytes(), 10);
    }

    @Test @Tag("RFC8257-3.3") void alphaStaysWithinItsRange() {
        for (int i = 0; i < 1000; i++) {
            dctcp.onAck(sample.start(0, 1000, 1).marked(1_000_000).sent(0, 0, 0, i % 3 == 0));
            assertTrue(dctcp.alpha() >= 0 && dctcp.alpha() <= 1, "alpha: " + dctcp.alpha());
        }
    }

    @Test @Tag("RFC8257-3.4") void growsLikeReno() {
        for (int i = 0; i < 100; i++) {
            dctcp.onAck(sample.start(0, 1000, 1).limits(true, false));
        }
        assertEquals(101_000, dctcp.cwndBytes());
    }

    @Test @Tag("RFC8257-3.5") void lossAndTimeoutReduceLikeReno() {
        for (int i = 0; i < 200; i++) {
            round(1);
        }
        dctcp.onEnterRecovery(100_000, 0);
        assertEquals(50_000, dctcp.cwndBytes());
        dctcp.onExitRecovery(50_000, 0);
        dctcp.onRetransmissionTimeout(50_000, true, 0);
        assertEquals(1000, dctcp.cwndBytes());
        assertEquals(25_000, dctcp.ssthreshBytes());
    }

    @Test void asksForEcn() {
        assertTrue(dctcp.needsEcn());
        assertEquals("dctcp", dctcp.name());
    }

    @Test void undoRestoresWhatWasBeforeTheMark() {
        dctcp.onCongestionExperienced(100_000, 0);
        dctcp.onUndo(0);
        assertEquals(100_000, dctcp.cwndBytes());
        assertEquals(100_000, dctcp.ssthreshBytes());
    }
}
