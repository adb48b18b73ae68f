package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.stack.FastOpenConfig;
import io.github.usertcp.stack.FastOpenKeys;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;

/** Linux's sysctl settings of TCP Fast Open: a word of bits, keys as text, and the pause after a black hole. */
final class FastOpenSettings {
    /** What the public test suites set. */
    static final String DEFAULT_KEY = "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4";
    private static final int CLIENT = 0x1;
    private static final int SERVER = 0x2;
    private static final int CLIENT_WITHOUT_COOKIE = 0x4;
    private static final int SERVER_WITHOUT_COOKIE = 0x200;
    private static final int EVERY_LISTENER = 0x400;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private int bits = CLIENT | SERVER;
    private FastOpenKeys keys = FastOpenKeys.parse(DEFAULT_KEY);
    private long pauseNanos;

    /** @return false if that is no setting of Fast Open */
    boolean set(String name, String value) {
        try {
            switch (name) {
                case "tcp_fastopen" -> bits = Integer.decode(value);
                case "tcp_fastopen_key" -> keys = FastOpenKeys.parse(value);
                case "tcp_fastopen_blackhole_timeout_sec" -> pauseNanos = Integer.parseInt(value) * NANOS_PER_SECOND;
                default -> {
                    return false;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new UnsupportedFeatureException("sysctl " + name + '=' + value);
        }
        return true;
    }

    boolean hasClient() {
        return (bits & CLIENT) != 0;
    }

    FastOpenKeys keys() {
        return keys;
    }

    FastOpenConfig config() {
        return FastOpenConfig.builder().client(hasClient()).clientWithoutCookie((bits & CLIENT_WITHOUT_COOKIE) != 0).pauseNanos(pauseNanos)
            .server((bits & SERVER) != 0).serverWithoutCookie((bits & SERVER_WITHOUT_COOKIE) != 0)
            .everyListener((bits & EVERY_LISTENER) != 0).keys(keys).build();
    }
}
