package io.github.usertcp.testsuite.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps every core from going to sleep between two messages, with processes of the idle scheduling class that run only
 * when nothing else wants to. Waking a halted virtual core takes longer than the round trip that is to be measured.
 */
public final class AwakeCores implements AutoCloseable {
    private final List<Process> spinners = new ArrayList<>();

    public AwakeCores() {
        try {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                spinners.add(new ProcessBuilder("chrt", "--idle", "0", "sh", "-c", "while :; do :; done").start());
            }
        } catch (IOException e) {
            System.err.println("Cores may sleep between messages, latencies will waver: " + e.getMessage());
        }
    }

    /** Whether there are any spinners. */
    public boolean areAwake() {
        return !spinners.isEmpty() && spinners.stream().allMatch(Process::isAlive);
    }

    @Override
    public void close() {
        spinners.forEach(Process::destroy);
    }
}
