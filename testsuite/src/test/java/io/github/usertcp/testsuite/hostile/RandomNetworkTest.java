package io.github.usertcp.testsuite.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Whatever the network does short of losing everything, both streams arrive whole and in order, both ends come to CLOSED, every buffer is given
 * back, and the invariants hold after every single step.
 *
 * <p>{@code -Dusertcp.seed=N} runs one seed, {@code -Dusertcp.seeds=N} so many.
 */
class RandomNetworkTest {
    private static final long FIRST_SEED = 1;
    private static final int SEEDS = Integer.getInteger("usertcp.seeds", 400);
    private static final int MAX_STEPS = 200_000;
    private static final IpAddress CLIENT_ADDRESS = IpAddress.parse("192.0.2.1");
    private static final IpAddress SERVER_ADDRESS = IpAddress.parse("192.0.2.2");

    @Test
    void streamsArriveWholeAndBothEndsClose() {
        Long onlySeed = Long.getLong("usertcp.seed");
        if (onlySeed != null) {
            run(onlySeed);
            return;
        }
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        try {
            transfer(new SplittableRandom(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " (replay with -Dusertcp.seed=" + seed + "): " + e.getMessage(), e);
        }
    }

    private static void transfer(SplittableRandom random) {
        int clientBytes = randomLength(random);
        int serverBytes = randomLength(random);
        EngineEnd client = new EngineEnd(connection(CLIENT_ADDRESS, 40_000, SERVER_ADDRESS, 80, random), clientBytes, 1, 2, random.split());
        EngineEnd server = new EngineEnd(connection(SERVER_ADDRESS, 80, CLIENT_ADDRESS, 40_000, random), serverBytes, 2, 1, random.split());
        try (EnginePair pair = new EnginePair(client, server, Impairment.random(random), random.split())) {
            client.tcp().connect(0);
            if (random.nextInt(5) == 0) {
                server.tcp().connect(0); // RFC 9293 section 3.5, figure 8: simultaneous open
            } else {
                server.tcp().listen();
            }
            pair.run(MAX_STEPS);
            assertEquals(clientBytes, server.received(), "octets at the server");
            assertEquals(serverBytes, client.received(), "octets at the client");
            assertOver(client);
            assertOver(server);
        }
    }

    private static void assertOver(EngineEnd end) {
        assertEquals(TcpState.CLOSED, end.tcp().state(), end::toString);
        assertEquals(0, end.tcp().memoryBytes(), end::toString);
    }

    private static int randomLength(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(1, 100);
            case 2 -> random.nextInt(1, 10_000);
            default -> random.nextInt(1, 300_000);
        };
    }

    /** Numbers just below a wrap, settings from tiny to ample. Retries are plenty: giving up is another test's. */
    private static TcpConnection connection(IpAddress local, int localPort, IpAddress remote, int remotePort, SplittableRandom random) {
        TcpConfig config = TcpConfig.builder()
            .sendBufferBytes(randomBuffer(random)).receiveBufferBytes(randomBuffer(random))
            .initialWindowSegments(random.nextInt(1, 11)).maxSegmentSize(random.nextInt(3) == 0 ? random.nextInt(48, 1500) : 0)
            .windowScaling(random.nextBoolean()).timestamps(random.nextBoolean()).sack(random.nextBoolean())
            .noDelay(random.nextBoolean()).quickAck(random.nextInt(4) == 0)
            .synRetries(100).synAckRetries(100).dataRetries(100).orphanRetries(100)
            .maxRtoNanos(2_000_000_000L).maxSegmentLifetimeNanos(5_000_000_000L)
            .build();
        InitialNumbers numbers = InitialNumbers.fixed(random.nextBoolean() ? 0xFFFF_FF00 : random.nextInt(), random.nextInt());
        return TcpConnection.create(new TcpTuple(local, localPort, remote, remotePort), config, numbers, random.nextInt(500, 9000));
    }

    private static int randomBuffer(SplittableRandom random) {
        return random.nextInt(3) == 0 ? random.nextInt(1024, 5000) : random.nextInt(5000, 1 << 20);
    }
}
