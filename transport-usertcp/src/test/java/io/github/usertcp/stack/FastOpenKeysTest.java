package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies as Linux makes them (RFC 7413 section 4.1.2), and keys in its two notations. */
@Tag("RFC7413-4.1.2")
class FastOpenKeysTest {
    private static final IpAddress CLIENT = IpAddress.parse("192.0.2.1");
    private static final IpAddress SERVER = IpAddress.parse("192.168.0.1");
    private static final String KEY = "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4";

    @ParameterizedTest
    @CsvSource({
        KEY + ", 192.0.2.1, 192.168.0.1, 3021b9d889017eeb",
        "0-0-0-0, 192.0.2.1, 192.168.0.1, b7c12350a90dc8f5",
        KEY + ", fd3d:fa7b:d17d::1, fd3d:0a0b:17d6::1, c1d1e9742a47a9bc",
        "0-0-0-0, fd3d:fa7b:d17d::1, fd3d:0a0b:17d6::1, 82af1a8f9a205c34",
    })
    void cookiesAreThoseOfLinux(String key, String client, String server, String cookie) {
        assertEquals(cookie, ByteBufUtil.hexDump(FastOpenKeys.parse(key).cookie(IpAddress.parse(client), IpAddress.parse(server))));
    }

    @Test void aCookieIsOneClientsAndOneServers() {
        FastOpenKeys keys = FastOpenKeys.random();
        byte[] cookie = keys.cookie(CLIENT, SERVER);
        assertTrue(FastOpenKeys.same(cookie, keys.cookie(CLIENT, SERVER)));
        assertFalse(FastOpenKeys.same(cookie, keys.cookie(SERVER, CLIENT)));
        assertFalse(FastOpenKeys.same(cookie, keys.cookie(CLIENT, IpAddress.parse("192.168.0.2"))));
        assertFalse(FastOpenKeys.same(cookie, FastOpenKeys.random().cookie(CLIENT, SERVER)));
        assertFalse(FastOpenKeys.same(cookie, new byte[4]));
    }

    @Test void rotationKeepsOneKeyGood() {
        FastOpenKeys first = FastOpenKeys.parse("1-2-3-4");
        FastOpenKeys second = FastOpenKeys.parse("5-6-7-8");
        FastOpenKeys both = first.rotatedTo(second);
        assertTrue(FastOpenKeys.same(second.cookie(CLIENT, SERVER), both.cookie(CLIENT, SERVER)));
        assertTrue(both.isOfPreviousKey(first.cookie(CLIENT, SERVER), CLIENT, SERVER));
        assertFalse(both.isOfPreviousKey(second.cookie(CLIENT, SERVER), CLIENT, SERVER));
        assertFalse(both.rotatedTo(FastOpenKeys.parse("9-9-9-9")).isOfPreviousKey(first.cookie(CLIENT, SERVER), CLIENT, SERVER));
        assertFalse(second.isOfPreviousKey(first.cookie(CLIENT, SERVER), CLIENT, SERVER));
        assertEquals(both, FastOpenKeys.parse("5-6-7-8,1-2-3-4"));
        assertEquals(both.hashCode(), FastOpenKeys.of(both.toBytes()).hashCode());
        assertNotEquals(first, second);
    }

    @Test void textAndBytesAreLinuxs() {
        assertEquals("0100000078563412efbeadde04030201",
            ByteBufUtil.hexDump(FastOpenKeys.parse("1-12345678-deadbeef-01020304").toBytes()));
        byte[] bytes = new byte[32];
        assertEquals("two keys", FastOpenKeys.of(bytes).toString());
        assertEquals("one key", FastOpenKeys.of(new byte[16]).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1-2-3", "1-2-3-4-5", "1-2-3-g", "1-2-3-123456789", "1-2-3-4,", "1-2-3-4,5-6-7"})
    void nonsenseIsNoKey(String text) {
        assertThrows(IllegalArgumentException.class, () -> FastOpenKeys.parse(text));
    }

    @Test void aKeyHasSixteenBytes() {
        assertThrows(IllegalArgumentException.class, () -> FastOpenKeys.of(new byte[15]));
        assertThrows(IllegalArgumentException.class, () -> FastOpenKeys.of(new byte[24]));
    }
}
