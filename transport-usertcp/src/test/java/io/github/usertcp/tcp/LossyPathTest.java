package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a network does short of going away, every byte arrives once and in order, and both ends part in peace. */
class LossyPathTest {
    private static final int RUNS = Integer.getInteger("usertcp.runs", 15);
    private static final long LIMIT_NANOS = 4L * 3600 * 1_000_000_000L;
    private static final IpAddress CLIENT = IpAddress.parse("192.0.2.1");
    private static final IpAddress SERVER = IpAddress.parse("198.51.100.2");

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "perfect, 0, 0, 0",
        "losing one in a hundred, 10, 0, 0",
        "losing one in ten, 100, 0, 0",
        "losing one in four, 250, 0, 0",
        "doubling, 0, 200, 0",
        "reordering, 0, 0, 200",
        "everything at once, 50, 50, 100"})
    void everyByteArrives(String path, int lost, int doubled, int heldUp) {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        System.out.println("a path that is " + path + " runs with -Dusertcp.seed=" + seed);
        for (int run = 0; run < RUNS; run++) {
            transfer(new Random(seed + run), lost, doubled, heldUp, path + ", run " + run + " of seed " + seed);
        }
    }

    private static void transfer(Random random, int lost, int doubled, int heldUp, String what) {
        long delay = random.nextInt(100) * 1_000_000L;
        LossyPath.Quality quality = new LossyPath.Quality(lost, doubled, heldUp, delay, 5 * delay + 1_000_000L);
        long up = random.nextInt(400_000);
        long down = random.nextInt(400_000);
        StreamEndpoint client = new StreamEndpoint("client", connection(random, true, quality), random, true, up, down);
        StreamEndpoint server = new StreamEndpoint("server", connection(random, false, quality), random, false, down, up);
        LossyPath path = new LossyPath(random, quality, client, server);
        try {
            path.run(LIMIT_NANOS);
            assertTrue(client.isDone() && server.isDone(), () -> what + ": " + path);
            if (quality.isPerfect()) {
                assertEquals(0, client.retransmissions() + server.retransmissions(), () -> what + ": nothing needed to be sent again: " + path);
            }
            assertEquals(0, client.connection.memoryBytes() + server.connection.memoryBytes(), what);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(what + ": " + e.getMessage() + " " + path, e);
        } finally {
            path.release();
        }
    }

    private static TcpConnection connection(Random random, boolean client, LossyPath.Quality quality) {
        TcpTuple tuple = client ? new TcpTuple(CLIENT, 40_000, SERVER, 80) : new TcpTuple(SERVER, 80, CLIENT, 40_000);
        TcpConfig config = TcpConfig.builder()
            .timestamps(random.nextInt(4) > 0)
            .windowScaling(random.nextInt(4) > 0)
            .sack(random.nextInt(4) > 0)
            .tailLossProbe(random.nextInt(4) > 0 && !quality.isPerfect()) // on a short path a delayed ACK looks like a lost tail
            .forwardRto(random.nextInt(4) > 0)
            .pacing(random.nextInt(4) == 0)
            .mtuProbing(MtuProbing.values()[random.nextInt(3)])
            .noDelay(random.nextBoolean())
            .receiveBufferBytes(1024 << random.nextInt(11))
            .sendBufferBytes(1024 << random.nextInt(11))
            .quickAckSegments(random.nextInt(20))
            .initialWindowSegments(1 + random.nextInt(20))
            .slowStartAfterIdle(random.nextBoolean())
            .notSentLowWaterBytes(random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(50_000))
            .maxRtoNanos(5_000_000_000L) // TIME-WAIT must outlast a few losses of its peer's FIN
            .dataRetries(40).orphanRetries(40).synRetries(40).synAckRetries(40)
            .build();
        int mss = 100 + random.nextInt(8000);
        return TcpConnection.create(tuple, config, InitialNumbers.fixed(random.nextInt(), random.nextInt()), mss);
    }
}
