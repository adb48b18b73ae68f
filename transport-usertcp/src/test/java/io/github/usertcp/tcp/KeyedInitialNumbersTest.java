package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Numbers that nobody can predict without the key, and that grow for one tuple (RFC 6528 section 3). */
class KeyedInitialNumbersTest {
    private static final SipHash HASH = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    private final KeyedInitialNumbers numbers = new KeyedInitialNumbers(HASH);

    private static TcpTuple tuple(int localPort, int remotePort) {
        return new TcpTuple(IpAddress.parse("192.0.2.1"), localPort, IpAddress.parse("198.51.100.2"), remotePort);
    }

    @Test void hashIsSipHash24OfFortyBytes() {
        // The 41st vector of the reference implementation: key 00..0f, message 00..27.
        long hash = HASH.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 0x1716151413121110L, 0x1f1e1d1c1b1a1918L, 0x2726252423222120L);
        assertEquals(0x0e3ea96b5304a7d0L, hash);
    }

    @Test @Tag("RFC6528-3") void numbersOfOneTupleTickEveryFourMicroseconds() {
        TcpTuple tuple = tuple(40_000, 80);
        int first = numbers.iss(tuple, 1_000_000_000L);
        assertEquals(first, numbers.iss(tuple, 1_000_000_000L));
        assertEquals(250_000, numbers.iss(tuple, 2_000_000_000L) - first);
    }

    @Test @Tag("RFC6528-3") void numbersOfDifferentTuplesAreUnrelated() {
        Set<Integer> seen = new HashSet<>();
        for (int port = 1; port <= 1000; port++) {
            seen.add(numbers.iss(tuple(port, 80), 0));
            seen.add(numbers.iss(tuple(80, port + 1000), 0));
        }
        assertTrue(seen.size() >= 1999, "collisions: " + (2000 - seen.size()));
    }

    @Test @Tag("RFC6528-3") void numbersDependOnTheKey() {
        KeyedInitialNumbers others = new KeyedInitialNumbers(new SipHash(1, 2));
        assertNotEquals(others.iss(tuple(1, 2), 0), numbers.iss(tuple(1, 2), 0));
        assertNotEquals(others.timestampOffset(tuple(1, 2)), numbers.timestampOffset(tuple(1, 2)));
    }

    @Test @Tag("RFC7323-5.4") void timestampOffsetTellsNothingOfTheSequenceNumber() {
        assertNotEquals(numbers.iss(tuple(1, 2), 0), numbers.timestampOffset(tuple(1, 2)));
        assertEquals(numbers.timestampOffset(tuple(1, 2)), numbers.timestampOffset(tuple(1, 2)));
        assertNotEquals(numbers.timestampOffset(tuple(1, 2)), numbers.timestampOffset(tuple(2, 2)));
    }

    @Test @Tag("RFC7323-5.4") void timestampOffsetOfOneTupleTellsNothingOfTheNext() {
        Set<Integer> steps = new HashSet<>();
        for (int port = 1; port <= 1000; port++) {
            steps.add(numbers.timestampOffset(tuple(port + 1, 80)) - numbers.timestampOffset(tuple(port, 80)));
        }
        assertTrue(steps.size() >= 999, "repeated differences: " + (1000 - steps.size()));
    }
}
