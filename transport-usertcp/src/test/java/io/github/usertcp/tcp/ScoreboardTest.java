package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scoreboard's two points, ranges and counters say the same as a mark on every byte would. */
class ScoreboardTest {
    private static final int BYTES = 300;

    private enum Mark { FLYING, SACKED, LOST, RESENT, LOST_AGAIN }

    private final Mark[] marks = new Mark[BYTES];
    private final SendSpace send = new SendSpace();
    private final Scoreboard board = new Scoreboard();
    private int una;
    private int nxt;
    private long base;

    @Test void agreesWithAMarkOnEveryByte() {
        long seed = Long.getLong("usertcp.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            start();
            for (int step = 0; step < 60; step++) {
                step(random);
                String what = "run " + run + ", step " + step + " of seed " + seed;
                board.checkInvariants(send);
                assertEquals(count(Mark.SACKED), board.sackedBytes(), what);
                assertEquals(count(Mark.LOST) + count(Mark.RESENT) + count(Mark.LOST_AGAIN), board.lostBytes(), what);
                assertEquals(count(Mark.RESENT), board.resentBytes(), what);
                assertEquals(count(Mark.FLYING) + count(Mark.RESENT), board.pipe(send), what);
                assertEquals(count(Mark.LOST) + count(Mark.LOST_AGAIN) > 0, board.hasLost(), what);
            }
        }
    }

    private void start() {
        send.start(0xFFFF_FF00);
        base = send.iss();
        una = 0;
        nxt = 0;
        Arrays.fill(marks, Mark.FLYING);
        board.start(base);
    }

    private void step(Random random) {
        int outstanding = nxt - una;
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                nxt = Math.min(BYTES, nxt + random.nextInt(40));
                send.advanceTo(base + nxt);
            }
            case 2 -> acknowledge(una + random.nextInt(outstanding + 1));
            case 3, 4 -> {
                if (outstanding > 2) {
                    int from = una + 1 + random.nextInt(outstanding - 1);
                    sack(from, from + 1 + random.nextInt(nxt - from));
                }
            }
            case 5 -> lose(una + random.nextInt(outstanding + 1));
            case 6 -> resend(1 + random.nextInt(20));
            default -> loseCopies(una + random.nextInt(outstanding + 1), random.nextInt(30));
        }
    }

    private void acknowledge(int upTo) {
        board.acknowledge(send, base + upTo);
        send.acknowledge(base + upTo);
        Arrays.fill(marks, una, upTo, null);
        una = upTo;
    }

    private void sack(int from, int to) {
        board.sack(base + from, base + to);
        Arrays.fill(marks, from, to, Mark.SACKED);
    }

    private void lose(int upTo) {
        long before = count(Mark.LOST);
        long newly = board.lose(base + upTo, base + nxt);
        for (int i = una; i < upTo; i++) {
            marks[i] = marks[i] == Mark.FLYING ? Mark.LOST : marks[i];
        }
        assertEquals(count(Mark.LOST) - before, newly);
    }

    private void resend(int bytes) {
        if (board.hasLost()) {
            int from = (int) (board.nextLost() - base);
            int to = (int) Math.min(board.nextLostEnd() - base, from + bytes);
            for (int i = from; i < to; i++) {
                assertEquals(true, marks[i] == Mark.LOST || marks[i] == Mark.LOST_AGAIN, "sent again: " + marks[i]);
                marks[i] = Mark.RESENT;
            }
            board.resent(base + to);
        }
    }

    private void loseCopies(int from, int bytes) {
        int to = Math.min(nxt, from + bytes);
        long flying = count(Mark.RESENT, from, to);
        assertEquals(flying > 0, board.hasCopies(base + from, base + to));
        assertEquals(flying, board.loseCopies(base + from, base + to));
        for (int i = from; i < to; i++) {
            marks[i] = marks[i] == Mark.RESENT ? Mark.LOST_AGAIN : marks[i];
        }
    }

    private long count(Mark mark) {
        return count(mark, una, nxt);
    }

    private long count(Mark mark, int from, int to) {
        return Arrays.stream(marks, from, to).filter(each -> each == mark).count();
    }
}
