package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.congestion.CongestionControls;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A peer whose SACK blocks are made to break the sender's accounts (CVE-2019-11477, "SACK Panic") or to make each ACK slow (CVE-2019-11478,
 * CVE-2019-5599, "SACK Slowness").
 */
class HostileSackTest {
    private static final int SETS = Integer.getInteger("usertcp.sackSets", 10_000);
    /** Invariants look at every range and record, too much for every ACK. */
    private static final int SETS_PER_CHECK = 64;
    private static final int WINDOW_SEGMENTS = 10_000;
    private static final int MSS = 48;
    /** Of a window; such that an honest peer acknowledges it in a round trip of 10 ms, one segment at a time. */
    private static final int ACKS = 10_000;
    private static final long NANOS_PER_ACK = 1_000;
    private static final long RTT_NANOS = 10_000_000;
    private static final int BLOCKS = 4;
    /** Of an honest and a hostile stream each, the first of them until all is compiled. */
    private static final int PAIRS = 15;
    private static final int WARM_UPS = 5;
    /** A hostile ACK has four blocks and may let a dozen segments leave, an honest one has one block and lets one leave. */
    private static final int FEW = 3;
    /** RACK looks for the first segment not known to be lost, and for the oldest copy. */
    private static final int OTHER_SEARCHES = 2;

    private static BulkSender sender(int mss, long window, int burstBytes) {
        TcpConfig config = TcpConfig.builder().sack(true).timestamps(false).sendBufferBytes((int) (2 * window) + (1 << 18))
            .congestionControl(CongestionControls.fixedWindow(window)).build();
        BulkSender sender = new BulkSender(config, mss, burstBytes);
        sender.acknowledge(sender.una()); // the first window that is scaled
        return sender.advance(RTT_NANOS); // a round trip of nothing would make everything a loss
    }

    // ---- accounts

    @ParameterizedTest(name = "MSS {0}, window {1}, bursts of {2}") @Tag("CVE-2019-11477")
    @CsvSource({"48, 32768, 48", "48, 524288, 65535", "1460, 1048576, 65535"})
    void noSetOfBlocksBreaksTheAccounts(int mss, int window, int burstBytes) {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        System.out.println("random SACK sets run with -Dusertcp.seed=" + seed);
        Random random = new Random(seed);
        BulkSender sender = sender(mss, window, burstBytes);
        try {
            for (int i = 0; i < SETS; i++) {
                randomSet(sender, random, mss);
                TcpInfo info = sender.tcp.info(sender.nowNanos());
                assertTrue(info.sacked() >= 0 && info.lost() >= 0 && info.retransOut() >= 0, () -> "seed " + seed + ": " + info);
                assertTrue(info.sacked() + info.lost() <= info.unacked(), () -> "seed " + seed + ": " + info);
                if (i % SETS_PER_CHECK == 0) {
                    sender.tcp.checkInvariants();
                }
            }
            assertEquals(TcpState.ESTABLISHED, sender.tcp.state());
            sender.acknowledge(sender.nxt());
            assertEquals(0, sender.tcp.info(sender.nowNanos()).sacked(), "all is forgotten with what it was about");
        } finally {
            sender.release();
        }
    }

    private static void randomSet(BulkSender sender, Random random, int mss) {
        long ack = sender.una() + (random.nextInt(50) == 0 ? random.nextInt((int) (sender.nxt() - sender.una()) + 1) : 0);
        long[] edges = new long[2 * (1 + random.nextInt(4))];
        for (int i = 0; i < edges.length; i += 2) {
            long outstanding = sender.nxt() - sender.una();
            long from = sender.una() + (long) (random.nextDouble() * outstanding) - random.nextInt(2 * mss);
            if (random.nextInt(4) > 0) {
                from -= (from - 1) % mss;
            }
            edges[i] = from;
            edges[i + 1] = from + switch (random.nextInt(6)) {
                case 0 -> random.nextInt(mss);
                case 1 -> random.nextInt(1 << 17);
                case 2 -> random.nextInt();
                default -> (long) mss * random.nextInt(5);
            };
        }
        sender.acknowledge(ack, edges);
        if (random.nextInt(16) == 0) {
            sender.advance(random.nextInt(random.nextInt(100) == 0 ? 2_000_000_000 : 1_000_000));
        }
    }

    // ---- cost

    /** What the ACKs are that are meant to be slow; the window holds {@link #WINDOW_SEGMENTS} segments from 1 on. */
    enum Attack {
        /** A range for every second segment, from below. */
        EVERY_SECOND {
            @Override
            long from(int step) {
                return (2L * step + 1) * MSS;
            }
        },
        /** The same from above, so that each goes before all others. */
        EVERY_SECOND_DOWNWARDS {
            @Override
            long from(int step) {
                return (WINDOW_SEGMENTS - 2L - 2L * step) * MSS;
            }
        },

        AT_RANDOM_PLACES {
            @Override
            long from(int step) {
                return (1 + Math.floorMod(step * 2_654_435_761L, WINDOW_SEGMENTS - 2L)) * MSS;
            }
        },
        /** No segment as a whole, so that nothing is learned. */
        BETWEEN_SEGMENTS {
            @Override
            long from(int step) {
                return AT_RANDOM_PLACES.from(step) + MSS / 2;
            }
        };

        /** Where the block of that number begins. It is as long as a segment. */
        abstract long from(int step);

        /** Tells of half the window in an eighth of the ACKs, and of the same again and again in the others. */
        void acknowledge(BulkSender sender, int ack) {
            long[] edges = new long[2 * BLOCKS];
            for (int block = 0; block < BLOCKS; block++) {
                edges[2 * block] = sender.una() + from((BLOCKS * ack + block) % (WINDOW_SEGMENTS / 2 - 2));
                edges[2 * block + 1] = edges[2 * block] + MSS;
            }
            sender.acknowledge(sender.una(), edges);
        }
    }

    /** The median of many pairs, one after the other: whatever else runs on the machine slows down both streams of a pair. */
    @ParameterizedTest @Tag("CVE-2019-11478")
    @EnumSource(Attack.class)
    void hostileAckCostsNoMoreThanAFewHonestOnes(Attack attack) {
        double[] ratios = new double[PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            ratios[i] = (double) hostileNanos(attack) / honestNanos();
        }
        double[] measured = Arrays.copyOfRange(ratios, WARM_UPS, PAIRS);
        Arrays.sort(measured);
        double median = measured[measured.length / 2];
        System.out.printf("hostile ACK, %s: %.2f times an honest one%n", attack, median);
        assertTrue(median <= FEW, () -> "a hostile ACK costs so many honest ones: " + Arrays.toString(measured));
    }

    /** CPU time of the stream. Of every 20 segments the first comes last: an ACK a segment, with one block that grows. */
    private static long honestNanos() {
        BulkSender sender = sender(MSS, (long) WINDOW_SEGMENTS * MSS, MSS);
        long before = cpuNanos();
        for (int i = 0; i < ACKS; i++) {
            int place = i % 20;
            if (place == 19) {
                sender.acknowledge(sender.una() + 20L * MSS);
            } else {
                sender.acknowledge(sender.una(), sender.una() + MSS, sender.una() + (long) (place + 2) * MSS);
            }
            sender.advance(NANOS_PER_ACK);
        }
        long nanos = cpuNanos() - before;
        sender.release();
        return nanos;
    }

    private static long hostileNanos(Attack attack) {
        BulkSender sender = sender(MSS, (long) WINDOW_SEGMENTS * MSS, MSS);
        long before = cpuNanos();
        for (int i = 0; i < ACKS; i++) {
            attack.acknowledge(sender, i);
            sender.advance(NANOS_PER_ACK);
        }
        long nanos = cpuNanos() - before;
        sender.release();
        return nanos;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** The same without a clock: each block is searched for once, and once more where it tells something new. */
    @ParameterizedTest @Tag("CVE-2019-11478")
    @EnumSource(Attack.class)
    void hostileAckIsASearchABlockAndWhatIsNewInIt(Attack attack) {
        BulkSender sender = sender(MSS, (long) WINDOW_SEGMENTS * MSS, MSS);
        for (int i = 0; i < ACKS; i++) {
            int searches = sender.tcp.sackSearches();
            long sacked = sender.tcp.info(sender.nowNanos()).sacked();
            attack.acknowledge(sender, i);
            long newSegments = (sender.tcp.info(sender.nowNanos()).sacked() - sacked) / MSS;
            long made = sender.tcp.sackSearches() - searches;
            assertTrue(made <= BLOCKS + OTHER_SEARCHES + newSegments, () -> made + " searches for " + newSegments + " new segments");
            sender.advance(NANOS_PER_ACK);
        }
        sender.tcp.checkInvariants();
        sender.release();
    }

    @Test @Tag("CVE-2019-11478") void rangesRememberedAreBounded() {
        Scoreboard board = new Scoreboard();
        board.start(0);
        for (long at = 1; at < 2_000_000; at += 2) {
            if (board.hasRoomFor(at, at + 1)) {
                board.sack(at, at + 1);
            }
        }
        assertEquals(4096, board.sacked().size());
        assertTrue(board.hasRoomFor(2, 3), "what joins two others needs no room");
    }
}
