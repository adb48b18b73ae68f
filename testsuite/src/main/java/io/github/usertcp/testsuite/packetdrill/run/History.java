package io.github.usertcp.testsuite.packetdrill.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The last packets of a run, for the message of a failure. */
final class History {
    private static final int LENGTH = 20;

    private final Deque<Supplier<String>> lines = new ArrayDeque<>();

    /** @param packet  asked for when it is shown, because the numbers of a SYN are known only when it has been expected */
    void add(long micros, char direction, Supplier<String> packet) {
        if (lines.size() == LENGTH) {
            lines.removeFirst();
        }
        lines.add(() -> PacketText.seconds(micros) + ' ' + direction + ' ' + packet.get());
    }

    @Override
    public String toString() {
        return lines.isEmpty() ? "" : lines.stream().map(Supplier::get).collect(Collectors.joining("\n  ", "\nlast packets:\n  ", ""));
    }
}
