package io.github.usertcp.testsuite.benchmark.tun;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs that were started here, and end when this is closed if not before. */
final class Programs implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<String> prefix;
    private final List<Process> started = new ArrayList<>();

    /** @param prefix  the beginning of every command line, for a program that runs others somewhere else */
    Programs(String... prefix) {
        this.prefix = List.of(prefix);
    }

    static boolean isInstalled(String program) {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":")).anyMatch(path -> new File(path, program).canExecute());
    }

    /** Starts a program whose output, of both kinds, is little and may be read. */
    Process start(String... command) throws IOException {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(Arrays.asList(command));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    /** Runs a program that takes no time, and returns the little that it prints. */
    String run(String... command) throws IOException, InterruptedException {
        return run(Duration.ZERO, command);
    }

    /** Runs a program that takes so much time, and returns the little that it prints. */
    String run(Duration duration, String... command) throws IOException, InterruptedException {
        Process process = start(command);
        // An interrupt gets us out of here, but not out of reading.
        if (!process.waitFor(duration.plus(LIMIT).toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(command[0] + " does not end");
        }
        started.remove(process);
        String output = output(process);
        if (process.exitValue() != 0) {
            throw new IOException(command[0] + " failed: " + output);
        }
        return output;
    }

    /** What an ended program has printed. */
    static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }
}
