package io.github.usertcp.testsuite.benchmark.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TunBenchmarkTest {
    private static final List<String> NAMES = TunBenchmark.CONTENDERS.stream().map(Contender::name).toList();

    @Test
    void contendersAreToldApartByName() {
        assertEquals(NAMES.size(), new HashSet<>(NAMES).size());
    }

    @Test
    void whatIsComparedIsMeasured() {
        List<Comparison> comparisons = Goals.comparisons();

        assertFalse(comparisons.isEmpty());
        for (Comparison line : comparisons) {
            assertTrue(NAMES.contains(line.subject()), line::subject);
            assertTrue(NAMES.contains(line.rival()), line::rival);
        }
    }

    @Test
    void everyContenderIsCompared() {
        Set<String> compared = new HashSet<>();
        Goals.comparisons().forEach(line -> {
            compared.add(line.subject());
            compared.add(line.rival());
        });

        assertEquals(new HashSet<>(NAMES), compared);
    }

    @Test
    void everyWordOfTheCommandLineChoosesSomething() {
        for (String word : TunBenchmark.WORDS.transports()) {
            assertTrue(NAMES.stream().anyMatch(name -> name.contains(word)), word);
        }
        for (Work work : Work.values()) {
            assertTrue(TunBenchmark.WORDS.workloads().contains(work.word()), work::word);
        }
    }

    @Test
    void packetsAreOfFourteenHundredAndFortyEightBytes() {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        Work.UPLOAD.report(144.8, figures::put);

        assertEquals(Map.of(Figure.UPLOAD, 144.8, Figure.UPLOAD_PACKETS, 100.0), figures);
    }
}
