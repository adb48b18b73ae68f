package io.github.usertcp.testsuite.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkOptionsTest {
    @Test
    void everythingIsMeasuredUnlessToldOtherwise() {
        BenchmarkOptions options = BenchmarkOptions.parse(Benchmark.WORDS);

        assertTrue(options.includes("usertcp", "bulk"));
        assertTrue(options.includes("Netty QUIC", "many"));
    }

    @Test
    void wordsNarrowTheChoiceOfTheirOwnKindOnly() {
        BenchmarkOptions options = BenchmarkOptions.parse(Benchmark.WORDS, "--only", "bulk,pingpong,epoll", "--rounds", "3", "--seconds", "7");

        assertTrue(options.includes("epoll TCP", "bulk"));
        assertFalse(options.includes("usertcp", "bulk"));
        assertFalse(options.includes("epoll TCP", "many"));
        assertTrue(BenchmarkOptions.parse(Benchmark.WORDS, "--only", "quic").includes("Netty QUIC", "many"));
        assertEquals(3, options.rounds());
        assertEquals(Duration.ofSeconds(7), options.duration());
    }

    @ParameterizedTest
    @CsvSource({"--rounds 0, --rounds", "--rounds x, --rounds", "--seconds 601, --seconds", "--seconds, --seconds", "--only tls, tls", "--fast, --fast"})
    void badArgumentIsNamed(String line, String culprit) {
        String[] args = line.split(" ");

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> BenchmarkOptions.parse(Benchmark.WORDS, args));

        assertTrue(e.getMessage().contains(culprit), e.getMessage());
    }

    @Test
    void usageNamesWhatMayBeChosen() {
        assertTrue(BenchmarkOptions.usage("Benchmark", Benchmark.WORDS)
            .endsWith("only these workloads (bulk, pingpong, connects, many) and transports (usertcp, epoll, quic, udp)"));
    }
}
