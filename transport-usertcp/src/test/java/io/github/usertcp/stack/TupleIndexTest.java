package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpTuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TupleIndexTest {
    private final List<TcpTuple> rows = new ArrayList<>();
    private final TupleIndex index = new TupleIndex((row, key) -> key.is(rows.get(row)));
    private final TupleKey key = new TupleKey(new SipHash(11, 12));

    private void add(TcpTuple tuple) {
        rows.add(tuple);
        index.add(key.set(tuple).hash(), rows.size() - 1);
    }

    /** Threat 25: tuples that differ in as few bits as an attacker likes still spread. */
    @Test
    void chosenTuplesDoNotCollide() {
        IpAddress local = IpAddress.parse("10.0.0.1");
        for (int i = 0; i < 100_000; i++) {
            add(new TcpTuple(local, 80, IpAddress.v4(i / 60_000 << 24), 1 + i % 60_000, 9));
        }
        assertTrue(index.longestProbe() <= 32, "longest probe " + index.longestProbe());
        for (int i = 0; i < 100_000; i += 97) {
            assertEquals(i, index.find(key.set(rows.get(i))));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAHashMap(long seed) {
        Random random = new Random(seed);
        Map<TcpTuple, Integer> expected = new HashMap<>();
        for (int step = 0; step < 50_000; step++) {
            TcpTuple tuple = new TcpTuple(IpAddress.v4(1), 1 + random.nextInt(20), new IpAddress(random.nextInt(3), 2), 1 + random.nextInt(50),
                random.nextInt(2));
            Integer row = expected.get(tuple);
            assertEquals(row == null ? TupleIndex.NONE : row, index.find(key.set(tuple)), "seed " + seed + " step " + step);
            if (row == null) {
                add(tuple);
                expected.put(tuple, rows.size() - 1);
            } else if (random.nextBoolean()) {
                index.remove(key.set(tuple).hash(), row);
                expected.remove(tuple);
            }
            assertEquals(expected.size(), index.size());
        }
    }
}
