package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TransmissionRingTest {
    private static final long BASE = 0xFFFF_FF00L;

    private final DeliveryRate rate = new DeliveryRate();

    /** Whether bursts are of one size, as in a bulk transfer, or of any, with gaps, as copies are. */
    @Test void rowIsFoundWhateverTheSizesOfTheBursts() {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int run = 0; run < 400; run++) {
            TransmissionRing ring = new TransmissionRing();
            long at = BASE;
            int kind = run % 4;
            int rows = 1 + random.nextInt(200);
            for (int i = 0; i < rows; i++) {
                at += kind == 3 ? random.nextInt(3) : 0;
                long size = switch (kind) {
                    case 0 -> 100;
                    case 1 -> 1L << i % 40;
                    default -> 1 + random.nextInt(1 + random.nextInt(1000));
                };
                ring.sent(at, at + size, i, rate, 0);
                at += size;
                if (random.nextInt(4) == 0 && ring.size() > 1) {
                    ring.forgetOldest();
                }
            }
            for (int i = 0; i < 100; i++) {
                compare(ring, BASE - 5 + (long) (random.nextDouble() * (at + 10 - BASE)), "seed " + seed);
                int row = random.nextInt(ring.size());
                compare(ring, ring.from(row), "seed " + seed);
                compare(ring, ring.to(row) - 1, "seed " + seed);
            }
        }
    }

    private static void compare(TransmissionRing ring, long sequence, String seed) {
        int row = 0;
        while (row < ring.size() && ring.to(row) <= sequence) {
            row++;
        }
        assertEquals(row, ring.firstEndingAfter(sequence), seed);
        boolean held = row < ring.size() && ring.from(row) <= sequence;
        assertEquals(held ? row : TransmissionRing.NONE, ring.find(sequence), seed);
    }
}
