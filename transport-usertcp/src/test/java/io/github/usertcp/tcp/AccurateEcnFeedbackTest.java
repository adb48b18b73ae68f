package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpSegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many packets were marked, as far as three bits and an option tell (RFC 9768 section 3.2.2.5.2 and appendix A). */
class AccurateEcnFeedbackTest {
    private static final int SMSS = 1000;

    private static SplittableRandom seeded(String test) {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        System.out.println(test + " runs with -Dusertcp.seed=" + seed);
        return new SplittableRandom(seed);
    }

    /** All packets are full ones; before, a packet of ECT(0) was acknowledged with an option, so that the counters are believed. */
    @ParameterizedTest(name = "{0} packets, ACE {1}, option {2}: {3} marks") @Tag("RFC9768-3.2.2.5.2")
    @CsvSource({
        "1,  5, '', 0", "1,  6, '', 1", "7,  4, '', 7", "7,  5, '', 0", // not ambiguous
        "8,  5, '', 8", "8,  6, '', 1", "9,  6, '', 9", "20, 6, '', 17", "100, 5, '', 96", // the most that fits
        "9,  6, e0b 9001 ceb 1000, 1", "9,  6, e0b 1001 ceb 9000, 9", "9,  5, e0b 10001 ceb 0, 0", // bytes decide
        "20, 6, e0b 20001 ceb 1000, 1", "20, 6, e0b 12001 ceb 9000, 9", "20, 5, e0b 1001 ceb 20000, 16", "20, 1, e0b 1001 ceb 20000, 20",
    })
    void marks(int delivered, int ace, String option, int expected) {
        AccurateEcnFeedback feedback = new AccurateEcnFeedback();
        feedback.acknowledged(TcpSegment.parse(".5 1:1(0) ack 1 <ECN e0b 1001>"), 1, SMSS, SMSS, SMSS);
        assertEquals(0, feedback.marks());
        String text = "." + ace + " 1:1(0) ack 1" + (option.isEmpty() ? "" : " <ECN " + option + '>');
        if (option.isEmpty()) {
            // An earlier ambiguity makes that no kind of bytes is likely.
            feedback = new AccurateEcnFeedback();
        }
        assertEquals(expected, feedback.acknowledged(TcpSegment.parse(text), delivered, (long) delivered * SMSS, SMSS, SMSS));
    }

    @Test @Tag("RFC9768-3.2.3.2.3") void anOptionThatComesTooLateIsNotRead() {
        AccurateEcnFeedback feedback = new AccurateEcnFeedback();
        feedback.acknowledged(TcpSegment.parse(".5 1:1(0) ack 1"), 1, SMSS, SMSS, 1 << 23);
        feedback.acknowledged(TcpSegment.parse(".5 1:1(0) ack 1 <ECN e0b 1001 ceb 500 e1b 1>"), 1, SMSS, SMSS, 1 << 23);
        assertEquals(0, feedback.ceb());
        assertEquals(-1, feedback.lastMarkedBytes());
    }

    @Test @Tag("RFC9768-3.2.3.2.4") void anOptionOfZerosIsNotRead() {
        for (String zeros : new String[] {"e0b 0", "e1b 0", "e0b 1 ceb 0 e1b 0", "e1b 1 ceb 0 e0b 0"}) {
            AccurateEcnFeedback feedback = new AccurateEcnFeedback();
            feedback.optionSeen(TcpSegment.parse(".5 1:1(0) ack 1 <ECN " + zeros + '>'));
            feedback.acknowledged(TcpSegment.parse(".5 1:1(0) ack 1 <ECN e0b 1001 ceb 500 e1b 1>"), 1, SMSS, SMSS, SMSS);
            assertEquals(0, feedback.ceb(), zeros);
        }
    }

    @Test @Tag("RFC9768-A.1") void countersAreReadAcrossTheirWrap() {
        AccurateEcnFeedback feedback = new AccurateEcnFeedback();
        long total = 0;
        for (int i = 0; i < 40; i++) {
            total += 1 << 20;
            feedback.acknowledged(TcpSegment.parse(".5 1:1(0) ack 1 <ECN e0b " + (1 + total & 0xFF_FFFF) + '>'), 1, SMSS, SMSS, SMSS);
            assertEquals(total, feedback.e0b());
        }
    }

    /** As long as fewer than eight packets lie between two ACKs that arrive, nothing is ever missed or invented. */
    @Test void everyMarkIsFoundWhileAcksAreFrequent() {
        SplittableRandom random = seeded("everyMarkIsFoundWhileAcksAreFrequent");
        for (int run = 0; run < 200; run++) {
            AccurateEcnReceiver receiver = new AccurateEcnReceiver(EcnCodepoint.NOT_ECT);
            AccurateEcnFeedback feedback = new AccurateEcnFeedback();
            int percent = random.nextInt(101);
            for (int ack = 0; ack < 200; ack++) {
                int packets = 1 + random.nextInt(7);
                for (int i = 0; i < packets; i++) {
                    receiver.arrived(random.nextInt(100) < percent ? EcnCodepoint.CE : EcnCodepoint.ECT_0, 1, SMSS);
                }
                feedback.acknowledged(answer(receiver, random), packets, (long) packets * SMSS, SMSS, SMSS);
                assertEquals(receiver.ce(), feedback.marks());
            }
        }
    }

    /** With ACKs rare and options always there, the count stays right modulo 8, and the bytes exact. */
    @Test void bytesAreExactWhereverTheOptionArrives() {
        SplittableRandom random = seeded("bytesAreExactWhereverTheOptionArrives");
        for (int run = 0; run < 200; run++) {
            AccurateEcnReceiver receiver = new AccurateEcnReceiver(EcnCodepoint.NOT_ECT);
            AccurateEcnFeedback feedback = new AccurateEcnFeedback();
            int percent = random.nextInt(101);
            for (int ack = 0; ack < 100; ack++) {
                int packets = 1 + random.nextInt(64);
                for (int i = 0; i < packets; i++) {
                    receiver.arrived(random.nextInt(100) < percent ? EcnCodepoint.CE : EcnCodepoint.ECT_0, 1, SMSS);
                }
                TcpSegment told = TcpSegment.parse(".0 1:1(0) ack 1").flags(AceField.toFlags(receiver.tell()));
                receiver.writeOption(told, ack);
                long news = feedback.acknowledged(told, packets, (long) packets * SMSS, SMSS, SMSS);
                assertTrue(news <= packets, news + " marks on " + packets + " packets");
                assertEquals(receiver.ce() & 7, feedback.marks() & 7);
                assertEquals(receiver.ceb(), feedback.ceb());
                assertEquals(receiver.e0b(), feedback.e0b());
            }
        }
    }

    @Test void nothingAPeerCanSayUpsetsTheCount() {
        SplittableRandom random = seeded("nothingAPeerCanSayUpsetsTheCount");
        AccurateEcnFeedback feedback = new AccurateEcnFeedback();
        for (int i = 0; i < 100_000; i++) {
            TcpSegment ack = TcpSegment.parse(".0 1:1(0) ack 1").flags(random.nextInt())
                .ecnOption(random.nextBoolean(), random.nextInt(5) - 1).ecnCounters(random.nextInt(), random.nextInt(), random.nextInt());
            long delivered = random.nextInt(70);
            long news = feedback.acknowledged(ack, delivered, delivered * random.nextInt(1, 2000), SMSS, random.nextInt(1 << 24));
            assertTrue(news >= 0 && news <= Math.max(7, delivered), news + " marks on " + delivered + " packets");
        }
    }

    private static TcpSegment answer(AccurateEcnReceiver receiver, SplittableRandom random) {
        TcpSegment ack = TcpSegment.parse(".0 1:1(0) ack 1").flags(AceField.toFlags(receiver.tell()));
        if (random.nextBoolean()) {
            receiver.writeOption(ack, 0);
        }
        return ack;
    }
}
