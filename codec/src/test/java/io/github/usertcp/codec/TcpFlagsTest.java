package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpFlagsTest {
    @Test
    void everyMaskIsItsText() {
        for (int mask = 0; mask <= TcpFlags.ALL; mask++) {
            assertEquals(mask, TcpFlags.parse(TcpFlags.toString(mask)));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, S", "18, S.", "16, .", "24, P.", "17, F.", "4, R", "0, -", "194, SEW", "511, SFRPUEWA."})
    void textIsWhatPacketdrillWrites(int mask, String text) {
        assertEquals(text, TcpFlags.toString(mask));
    }

    @ParameterizedTest
    @CsvSource({".0, 0x10", ".1, 0x50", ".2, 0x90", ".4, 0x110", "S.7, 0x1d2", "5, 0x140"})
    void aDigitIsTheEcnCounter(String text, String mask) {
        assertEquals(Integer.decode(mask), TcpFlags.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X", "s", ".8", "5.", "S-"})
    void refusesWhatIsNoFlag(String text) {
        assertThrows(IllegalArgumentException.class, () -> TcpFlags.parse(text));
    }
}
