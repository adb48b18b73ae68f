package io.github.usertcp.codec;

import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;

/** Segments with random fields, from a seed that the test prints. */
final class RandomSegments {
    private final SplittableRandom random;

    RandomSegments(SplittableRandom random) {
        this.random = random;
    }

    /** A fresh seed, or that of {@code -Dusertcp.seed=N}, printed so that a failure can be replayed. */
    static SplittableRandom seeded(String test) {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        System.out.println(test + " runs with -Dusertcp.seed=" + seed);
        return new SplittableRandom(seed);
    }

    /** A header with any numbers, any flags and any options, whether or not they fit into a header together. */
    TcpSegment any(int maxPayload) {
        TcpSegment segment = new TcpSegment().seq(random.nextInt()).ackField(random.nextInt()).flags(random.nextInt())
            .window(random.nextInt()).urgentPointer(random.nextBoolean() ? 0 : random.nextInt())
            .source(IpAddress.v4(random.nextInt()), 1 + random.nextInt(65535))
            .destination(IpAddress.v4(random.nextInt()), 1 + random.nextInt(65535));
        addOptions(segment);
        byte[] payload = new byte[random.nextInt(maxPayload + 1)];
        return payload.length == 0 ? segment : segment.payload(Unpooled.wrappedBuffer(payload));
    }

    private void addOptions(TcpSegment segment) {
        if (random.nextBoolean()) {
            segment.mss(random.nextInt(65536));
        }
        if (random.nextBoolean()) {
            segment.windowScale(random.nextInt(256));
        }
        segment.sackPermitted(random.nextBoolean());
        if (random.nextBoolean()) {
            segment.timestamps(random.nextInt(), random.nextInt());
        }
        for (int blocks = random.nextInt(5); blocks > 0; blocks--) {
            segment.addSackBlock(random.nextInt(), random.nextInt());
        }
        if (random.nextInt(4) == 0) {
            byte[] cookie = new byte[2 * random.nextInt(9)];
            random.nextBytes(cookie);
            segment.fastOpenCookie(cookie, random.nextBoolean());
        }
        if (random.nextInt(3) == 0) {
            segment.ecnOption(random.nextBoolean(), random.nextInt(4)).ecnCounters(random.nextInt(), random.nextInt(), random.nextInt());
        }
        if (random.nextInt(4) == 0) {
            segment.userTimeout(random.nextInt(65536));
        }
    }
}
