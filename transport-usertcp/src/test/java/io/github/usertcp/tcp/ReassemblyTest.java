package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Data out of order, repeated and overlapping (RFC 9293 section 3.10.7.4, first and seventh step). */
@TraceTest
@Tag("RFC9293-3.10.7.4")
class ReassemblyTest {
    private static final int PIECE = 250;

    /** How far each segment reaches into its neighbours. */
    record Overlap(int left, int right) {
    }

    static Stream<Arguments> ordersAndOverlaps() {
        List<Arguments> cases = new ArrayList<>();
        for (List<Integer> order : permutations(List.of(0, 1, 2, 3))) {
            for (Overlap overlap : List.of(new Overlap(0, 0), new Overlap(100, 0), new Overlap(0, 100), new Overlap(100, 100), new Overlap(250, 250), new Overlap(600, 600))) {
                cases.add(Arguments.of(order, overlap));
            }
        }
        return cases.stream();
    }

    private static List<List<Integer>> permutations(List<Integer> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : items) {
            List<Integer> rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<Integer> tail : permutations(rest)) {
                List<Integer> one = new ArrayList<>(List.of(first));
                one.addAll(tail);
                all.add(one);
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("ordersAndOverlaps")
    void everyOrderAndOverlapOfFourSegmentsGivesTheSameBytes(List<Integer> order, Overlap overlap) {
        Script t = Script.established();
        boolean[] received = new boolean[4 * PIECE];
        for (int piece : order) {
            int from = Math.max(0, piece * PIECE - overlap.left);
            int to = Math.min(4 * PIECE, (piece + 1) * PIECE + overlap.right);
            t.receive(". " + (1 + from) + ":" + (1 + to) + "(" + (to - from) + ") ack 1");
            Arrays.fill(received, from, to, true);
            int inOrder = 0;
            while (inOrder < received.length && received[inOrder]) {
                inOrder++;
            }
            t.expect(". 1:1(0) ack " + (1 + inOrder)).expectSilence().expectReadable(inOrder);
        }
        t.read(4 * PIECE).expectReadable(0);
    }

    @ParameterizedTest
    @MethodSource("ordersAndOverlaps")
    void readingInBetweenChangesNothing(List<Integer> order, Overlap overlap) {
        Script t = Script.established();
        int read = 0;
        for (int piece : order) {
            int from = Math.max(0, piece * PIECE - overlap.left);
            int to = Math.min(4 * PIECE, (piece + 1) * PIECE + overlap.right);
            t.receive(". " + (1 + from) + ":" + (1 + to) + "(" + (to - from) + ") ack 1");
            int readable = t.connection().readableBytes();
            t.read(readable);
            read += readable;
        }
        assertEquals(4 * PIECE, read);
        t.takeSent();
    }

    @Test void theFirstCopyOfAByteThatWasAcceptedWins() {
        Script t = Script.established();
        t.receive(". 501:1001(500) ack 1", (byte) 'A').receive(". 251:751(500) ack 1", (byte) 'B').receive(". 1:501(500) ack 1", (byte) 'C');
        t.takeSent();
        byte[] expected = new byte[1000];
        Arrays.fill(expected, 0, 250, (byte) 'C');
        Arrays.fill(expected, 250, 500, (byte) 'B');
        Arrays.fill(expected, 500, 1000, (byte) 'A');
        assertArrayEquals(expected, t.readBytes(1000));
    }

    @Test void bytesAlreadyAcknowledgedAreNotReplaced() {
        Script t = Script.established();
        t.receive(". 1:101(100) ack 1", (byte) 'A').expect(". 1:1(0) ack 101").receive(". 51:151(100) ack 1", (byte) 'B').expect(". 1:1(0) ack 151");
        byte[] expected = new byte[150];
        Arrays.fill(expected, 0, 100, (byte) 'A');
        Arrays.fill(expected, 100, 150, (byte) 'B');
        assertArrayEquals(expected, t.readBytes(150));
    }

    @Test void repeatedSegmentIsAcknowledgedAgainAndNotDeliveredAgain() {
        Script t = Script.established();
        t.receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 101").receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 101").expectReadable(100);
        t.at(1_000).receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 101").read(100).expectReadable(0);
    }

    @Test void finOutOfOrderIsNotTakenAsTheEnd() {
        Script t = Script.established();
        t.receive("F. 101:101(0) ack 1").expect(". 1:1(0) ack 1").expectState(TcpState.ESTABLISHED).expectEvents();
        assertEquals(false, t.connection().isInputEnded());
        t.receive("P. 1:101(100) ack 1").expect(". 1:1(0) ack 102").expectState(TcpState.CLOSE_WAIT);
        t.expectEvents(TcpEvent.READABLE, TcpEvent.END_OF_INPUT).read(100);
        assertEquals(true, t.connection().isInputEnded());
    }

    @Test void finWithDataOutOfOrderIsKeptUntilTheGapIsFilled() {
        Script t = Script.established();
        t.receive("FP. 201:301(100) ack 1").expect(". 1:1(0) ack 1").receive(". 1:101(100) ack 1").expect(". 1:1(0) ack 101").expectEvents(TcpEvent.READABLE);
        t.receive(". 101:201(100) ack 1").expect(". 1:1(0) ack 302").expectState(TcpState.CLOSE_WAIT);
        t.expectEvents(TcpEvent.READABLE, TcpEvent.END_OF_INPUT).read(300);
    }

    @Test void dataBehindAFinOutOfOrderIsNeverDelivered() {
        Script t = Script.established();
        t.receive("F. 101:101(0) ack 1").expect(". 1:1(0) ack 1").receive("P. 1:201(200) ack 1").expectState(TcpState.CLOSE_WAIT);
        t.takeSent();
        t.expectReadable(100).read(100);
    }

    @Test void dataBeyondTheWindowIsNotTaken() {
        Script t = Script.established().config(c -> c.receiveBufferBytes(1500)).mss(2000);
        t.receive("F. 1:2001(2000) ack 1");
        int readable = t.connection().readableBytes();
        assertTrue(readable <= 1500, "readable: " + readable);
        t.expectState(TcpState.ESTABLISHED).expect(". 1:1(0) ack " + (1 + readable) + " win " + (1500 - readable));
        t.read(readable);
        t.takeSent();
        t.receive("F. " + (1 + readable) + ":2001(" + (2000 - readable) + ") ack 1").expectState(TcpState.CLOSE_WAIT);
        t.expect(". 1:1(0) ack 2002").read(2000 - readable);
    }

    @Test void dataOutOfOrderBeyondTheWindowIsNotTaken() {
        Script t = Script.established().config(c -> c.receiveBufferBytes(2000)).mss(1000);
        t.receive(". 1501:2501(1000) ack 1").expect(". 1:1(0) ack 1").receive(". 2001:2501(500) ack 1");
        t.takeSent();
        t.receive(". 1:1501(1500) ack 1");
        int readable = t.connection().readableBytes();
        assertTrue(readable == 1500 || readable == 2000, "readable: " + readable);
        t.expect(". 1:1(0) ack " + (1 + readable) + " win " + (2000 - readable)).read(readable);
        t.takeSent();
    }

    @Test void crumbsOutOfOrderHoldBoundedMemory() {
        Script t = Script.established().config(c -> c.receiveBufferBytes(1 << 16));
        for (int i = 0; i < 32_000; i++) {
            int seq = 3 + 2 * i;
            t.receive(". " + seq + ":" + (seq + 1) + "(1) ack 1");
        }
        assertTrue(t.connection().memoryBytes() <= 4 << 16, "memory: " + t.connection().memoryBytes());
        t.takeSent();
        t.expectReadable(0).receive(". 1:60001(60000) ack 1").expectReadable(60_000).read(60_000);
        t.takeSent();
    }

    @Test void memoryPressureDropsDataOutOfOrderAndTakesDataInOrder() {
        Script t = Script.established();
        t.receive(". 101:201(100) ack 1").expect(". 1:1(0) ack 1");
        t.connection().memoryPressure(true);
        t.receive(". 301:401(100) ack 1").expect(". 1:1(0) ack 1");
        t.receive(". 1:101(100) ack 1");
        int readable = t.connection().readableBytes();
        assertTrue(readable == 100 || readable == 200, "readable: " + readable);
        t.expect(". 1:1(0) ack " + (1 + readable)).read(readable);
        t.connection().memoryPressure(false);
        t.receive(". " + (1 + readable) + ":401(" + (400 - readable) + ") ack 1").expect(". 1:1(0) ack 401").read(400 - readable);
    }
}
