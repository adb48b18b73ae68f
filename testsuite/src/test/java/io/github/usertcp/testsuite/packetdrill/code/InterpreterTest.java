package io.github.usertcp.testsuite.packetdrill.code;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Assertions of code blocks hold when Python says so. */
class InterpreterTest {
    private static final Map<String, Long> SNAPSHOT = Map.of("a", 5L, "b", 3L);

    private static void run(String text) {
        new Interpreter().run(text, SNAPSHOT);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "assert a == 5", "assert a == 5, a", "assert a == 5, 'a is %d' % a", "assert a + b * 2 == 11", "assert (a + b) * 2 == 16",
        "assert b < a <= 5", "assert a & 4 == 4", "assert (a & 2) == 0", "assert -a // 2 == -3", "assert a % b == 2", "assert ~a == -6",
        "assert a == 4 or b == 3", "assert a == 5 and not b == 4", "assert 0x10 == 16", "x = a\nx += 2\nassert x == 7",
        "x = 1; x -= 2; assert x == -1",
        "assert a == \\\n5", "assert (a ==\n5)", "# nothing\nassert True", "print(a, 'text')", "assert a != b # because",
        "assert 1 << 3 == 8", "",
    })
    void holds(String text) {
        assertDoesNotThrow(() -> run(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"assert a == 4", "assert 3 < a < 4", "assert a == 5 and b == 4", "assert not a",
        "assert False, 'no'", "assert a // 0 == 1"})
    void doesNotHold(String text) {
        assertThrows(AssertionFailedException.class, () -> run(text));
    }

    @Test
    void aFalseAssertionShowsItsValues() {
        assertEquals("assert a == b + 1 is false {a=5, b=3}: 'why'",
            assertThrows(AssertionFailedException.class, () -> run("assert a == b + 1, 'why'")).getMessage());
    }

    @Test
    void variablesLastFromBlockToBlock() {
        Interpreter interpreter = new Interpreter();
        interpreter.run("before = a", SNAPSHOT);
        assertDoesNotThrow(() -> interpreter.run("assert a == before + 1", Map.of("a", 6L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"assert unknown == 1", "for x in range(3): pass", "assert len(a) == 1", "assert a ** 2",
        "import os", "assert a / b"})
    void isNotUnderstood(String text) {
        assertThrows(UnsupportedFeatureException.class, () -> run(text));
    }
}
