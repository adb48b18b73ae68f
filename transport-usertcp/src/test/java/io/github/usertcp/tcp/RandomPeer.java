package io.github.usertcp.tcp;

import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A peer that sends anything and a user that calls anything, a step at a time, each noted as it would stand in a {@link Script}. Numbers lie
 * near the edges of what the connection has sent and expects, because that is where mistakes are.
 */
final class RandomPeer {
    private static final int[] COMMON_FLAGS = {
        TcpFlags.ACK, TcpFlags.ACK, TcpFlags.ACK | TcpFlags.PSH, TcpFlags.ACK | TcpFlags.PSH, TcpFlags.ACK | TcpFlags.FIN,
        TcpFlags.SYN, TcpFlags.SYN | TcpFlags.ACK, TcpFlags.RST, TcpFlags.RST | TcpFlags.ACK};
    private static final int[] DISTANCES = {0, 0, 0, 1, 2, 99, 999, 1000, 1001, 20_000, 65_535, 1 << 20, Integer.MAX_VALUE};

    private final Script t;
    private final Random random;
    private final List<String> trace = new ArrayList<>();
    /** Highest number the connection has sent, and what it expects next, as far as the peer can see. */
    private int sndNxt;
    private int rcvNxt;

    RandomPeer(Script script, Random random) {
        t = script;
        this.random = random;
    }

    void step() {
        int what = random.nextInt(100);
        if (what < 10) {
            advance(random.nextInt(300));
        } else if (what < 11) {
            advance(random.nextInt(100_000));
        } else if (what < 20) {
            int bytes = random.nextInt(5000);
            note("offer(" + bytes + ")");
            t.offer(bytes);
        } else if (what < 25) {
            int bytes = random.nextInt(t.connection().readableBytes() + 1);
            note("read(" + bytes + ")");
            t.read(bytes);
        } else if (what < 30) {
            call(random.nextInt(20));
        } else {
            String line = segment();
            note("receive(\"" + line + "\")");
            t.receive(line);
        }
        look();
    }

    private void advance(int millis) {
        note("advance(" + millis + ")");
        t.advance(millis);
    }

    private void call(int which) {
        switch (which) {
            case 0 -> {
                note("close()");
                t.close();
            }
            case 1, 2 -> {
                note("shutdownOutput()");
                t.shutdownOutput();
            }
            case 3 -> {
                IcmpErrorKind kind = IcmpErrorKind.values()[random.nextInt(IcmpErrorKind.values().length)];
                int mtu = random.nextInt(1600);
                note("icmp " + kind + " mtu " + mtu);
                t.icmp(kind, t.info().bytesAcked() + random.nextInt(3), mtu);
            }
            case 4, 5, 6 -> {
                boolean on = random.nextBoolean();
                note("memoryPressure(" + on + ")");
                t.connection().memoryPressure(on);
            }
            default -> {
                boolean noDelay = random.nextBoolean();
                boolean cork = random.nextInt(4) == 0;
                note("reconfigure noDelay " + noDelay + " cork " + cork);
                t.reconfigure(c -> c.noDelay(noDelay).cork(cork));
            }
        }
    }

    /** What the connection has sent since, as the peer sees it. */
    private void look() {
        for (EmissionLog.Emission emission : t.takeSent()) {
            TcpSegment segment = emission.segment();
            note("  sent " + segment);
            if (!segment.isRst()) {
                sndNxt = Math.max(sndNxt, segment.seq() + segment.sequenceLength());
                rcvNxt = segment.isAck() ? segment.ack() : rcvNxt;
            }
        }
    }

    private String segment() {
        int flags = random.nextInt(8) == 0 ? random.nextInt(TcpFlags.ALL + 1) : COMMON_FLAGS[random.nextInt(COMMON_FLAGS.length)];
        if ((flags & TcpFlags.RST) != 0 && random.nextInt(4) > 0) {
            flags = TcpFlags.ACK; // or no trace would live for long
        }
        boolean firstSyn = (flags & TcpFlags.SYN) != 0 && !t.connection().state().isSynchronized();
        int length = random.nextInt(3) == 0 || firstSyn ? 0 : random.nextInt(3000);
        int seq = firstSyn ? 0 : near(rcvNxt);
        StringBuilder line = new StringBuilder(TcpFlags.toString(flags)).append(' ').append(unsigned(seq)).append(':')
            .append(unsigned(seq + length)).append('(').append(length).append(')');
        if ((flags & TcpFlags.ACK) != 0) {
            line.append(" ack ").append(unsigned(near(sndNxt)));
        }
        line.append(" win ").append(random.nextInt(3) == 0 ? random.nextInt(4) * 500 : random.nextInt(65_536));
        return line.append(options((flags & TcpFlags.SYN) != 0)).toString();
    }

    private String options(boolean syn) {
        List<String> options = new ArrayList<>();
        if (syn && random.nextInt(4) > 0) {
            options.add("mss 1000,wscale 3");
        }
        if (syn && random.nextBoolean()) {
            options.add("sackOK");
        }
        if (random.nextBoolean()) {
            long now = t.clock() / ConnectionDriver.MILLIS + 3_000;
            options.add("TS val " + unsigned((int) now + random.nextInt(20) - 5) + " ecr " + unsigned((int) now - random.nextInt(400)));
        }
        if (!syn && random.nextInt(3) == 0) {
            options.add("sack " + sackBlock() + (random.nextBoolean() ? " " + sackBlock() : ""));
        }
        return options.isEmpty() ? "" : " <" + String.join(",", options) + ">";
    }

    /** Mostly of something that was sent, at the edges of segments or beside them. */
    private String sackBlock() {
        int left = random.nextInt(4) == 0 ? near(sndNxt) : sndNxt - random.nextInt(12) * 500;
        int right = random.nextInt(4) == 0 ? near(sndNxt) : left + random.nextInt(8) * 500;
        return unsigned(left) + ":" + unsigned(right);
    }

    private int near(int number) {
        int distance = DISTANCES[random.nextInt(DISTANCES.length)];
        return random.nextBoolean() ? number + distance : number - distance;
    }

    private static String unsigned(int number) {
        return Integer.toUnsignedString(number);
    }

    private void note(String line) {
        trace.add(line);
    }

    @Override
    public String toString() {
        return String.join("\n", trace);
    }
}
