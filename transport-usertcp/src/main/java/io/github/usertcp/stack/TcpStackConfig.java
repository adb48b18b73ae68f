package io.github.usertcp.stack;

import java.util.Objects;

/**
 * Settings of a stack as a whole: how much of everything it holds at most. Immutable.
 *
 * <p>Every setter of the {@link Builder} throws {@link IllegalArgumentException}
 * naming setting, value and range when the value is out of range.
 */
public final class TcpStackConfig {
    private static final TcpStackConfig DEFAULT = builder().build();

    private final int maxBacklog;
    private final int maxConnections;
    private final int maxOrphans;
    private final int maxHalfOpen;
    private final int maxHalfOpenPerListener;
    private final SynCookieUse synCookies;
    private final int unverifiedSynAckRetries;
    private final FastOpenConfig fastOpen;
    private final int maxTimeWait;
    private final int maxPathMtus;
    private final int minEphemeralPort;
    private final int maxEphemeralPort;
    private final int resetsPerSecond;
    private final long probeDelayNanos;
    private final long memoryLowBytes;
    private final long memoryPressureBytes;
    private final long memoryHighBytes;

    private TcpStackConfig(Builder builder) {
        maxBacklog = builder.maxBacklog;
        maxConnections = builder.maxConnections;
        maxOrphans = builder.maxOrphans;
        maxHalfOpen = builder.maxHalfOpen;
        maxHalfOpenPerListener = builder.maxHalfOpenPerListener;
        synCookies = builder.synCookies;
        unverifiedSynAckRetries = builder.unverifiedSynAckRetries;
        fastOpen = builder.fastOpen;
        maxTimeWait = builder.maxTimeWait;
        maxPathMtus = builder.maxPathMtus;
        minEphemeralPort = builder.minEphemeralPort;
        maxEphemeralPort = builder.maxEphemeralPort;
        resetsPerSecond = builder.resetsPerSecond;
        probeDelayNanos = builder.probeDelayNanos;
        memoryLowBytes = builder.memoryLowBytes;
        memoryPressureBytes = builder.memoryPressureBytes;
        memoryHighBytes = builder.memoryHighBytes;
    }

    /** All defaults. */
    public static TcpStackConfig defaults() {
        return DEFAULT;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Upper bound of a listener's accept queue. Default 4096, Linux's somaxconn. */
    public int maxBacklog() {
        return maxBacklog;
    }

    /** Upper bound of live connections, orphans included. Beyond it SYNs are dropped and connects fail. Default 1,048,576. */
    public int maxConnections() {
        return maxConnections;
    }

    /** Connections that finish without an owner; one more is reset. Default 16,384, Linux's order of magnitude (tcp_max_orphans). */
    public int maxOrphans() {
        return maxOrphans;
    }

    /** Entries of the SYN queue, all listeners together; beyond it SYNs get cookies or are dropped. Default 16,384, at most 2 MiB. */
    public int maxHalfOpen() {
        return maxHalfOpen;
    }

    /** Entries of the SYN queue for one listener. Default 4096 (Linux tcp_max_syn_backlog). */
    public int maxHalfOpenPerListener() {
        return maxHalfOpenPerListener;
    }

    /** Whether SYNs are answered without an entry in the SYN queue (RFC 4987 section 3.6). Default {@link SynCookieUse#WHEN_HALF_FULL}. */
    public SynCookieUse synCookies() {
        return synCookies;
    }

    /**
     * SYN-ACKs repeated to an address that has not yet proved that it hears us, all its half-open connections together.
     * More would make us an amplifier for forged SYNs; a client whose SYN-ACK is lost repeats its SYN anyway. Default 2.
     */
    public int unverifiedSynAckRetries() {
        return unverifiedSynAckRetries;
    }

    /** TCP Fast Open. Default {@link FastOpenConfig#defaults()}. */
    public FastOpenConfig fastOpen() {
        return fastOpen;
    }

    /** Entries of the TIME-WAIT table; when it is full, a connection skips TIME-WAIT. Default 65,536, 5 MiB. */
    public int maxTimeWait() {
        return maxTimeWait;
    }

    /**
     * Peers whose path MTU is remembered for ten minutes, for connections to come (RFC 1191 section 5.1);
     * beyond it the oldest is forgotten. Default 4096, about 0.5 MiB; 0 remembers none.
     */
    public int maxPathMtus() {
        return maxPathMtus;
    }

    /** First port given out when the caller asks for none. Default 32768, as Linux. */
    public int minEphemeralPort() {
        return minEphemeralPort;
    }

    /** Last port given out when the caller asks for none. Default 60999, as Linux. */
    public int maxEphemeralPort() {
        return maxEphemeralPort;
    }

    /**
     * RSTs per second in answer to segments of no connection, so that a scan
     * does not make us a source of packets. Default 1000; 0 sends none.
     */
    public int resetsPerSecond() {
        return resetsPerSecond;
    }

    /** How long a SYN waits for an answer before {@link Link#probe} asks whether anybody is there, in nanoseconds. Default 100 ms. */
    public long probeDelayNanos() {
        return probeDelayNanos;
    }

    /**
     * Buffer memory of all connections below which memory pressure ends, in bytes.
     * Default 3/16 of the maximum heap (to which direct memory is bounded too).
     */
    public long memoryLowBytes() {
        return memoryLowBytes;
    }

    /**
     * Buffer memory of all connections at which windows stop growing and
     * out-of-order data is dropped, in bytes. Default 1/4 of the maximum heap.
     */
    public long memoryPressureBytes() {
        return memoryPressureBytes;
    }

    /** Buffer memory of all connections at which new ones are refused, in bytes. Default 1/2 of the maximum heap. */
    public long memoryHighBytes() {
        return memoryHighBytes;
    }

    /** Collects settings, each documented at the getter of the same name. Not thread-safe. */
    public static final class Builder {
        private int maxBacklog = 4096;
        private int maxConnections = 1 << 20;
        private int maxOrphans = 16_384;
        private int maxHalfOpen = 16_384;
        private int maxHalfOpenPerListener = 4096;
        private SynCookieUse synCookies = SynCookieUse.WHEN_HALF_FULL;
        private int unverifiedSynAckRetries = 2;
        private FastOpenConfig fastOpen = FastOpenConfig.defaults();
        private int maxTimeWait = 65_536;
        private int maxPathMtus = 4096;
        private int minEphemeralPort = 32_768;
        private int maxEphemeralPort = 60_999;
        private int resetsPerSecond = 1000;
        private long probeDelayNanos = 100_000_000L;
        private long memoryLowBytes = Runtime.getRuntime().maxMemory() / 16 * 3;
        private long memoryPressureBytes = Runtime.getRuntime().maxMemory() / 4;
        private long memoryHighBytes = Runtime.getRuntime().maxMemory() / 2;

        private Builder() {
        }

        public Builder maxBacklog(int value) {
            maxBacklog = (int) check("maxBacklog", value, 1, 1 << 20);
            return this;
        }

        public Builder maxConnections(int value) {
            maxConnections = (int) check("maxConnections", value, 1, 1 << 26);
            return this;
        }

        public Builder maxOrphans(int value) {
            maxOrphans = (int) check("maxOrphans", value, 0, 1 << 26);
            return this;
        }

        public Builder maxHalfOpen(int value) {
            maxHalfOpen = (int) check("maxHalfOpen", value, 1, 1 << 24);
            return this;
        }

        public Builder maxHalfOpenPerListener(int value) {
            maxHalfOpenPerListener = (int) check("maxHalfOpenPerListener", value, 1, 1 << 24);
            return this;
        }

        public Builder synCookies(SynCookieUse value) {
            synCookies = Objects.requireNonNull(value, "synCookies");
            return this;
        }

        public Builder unverifiedSynAckRetries(int value) {
            unverifiedSynAckRetries = (int) check("unverifiedSynAckRetries", value, 0, 127);
            return this;
        }

        public Builder fastOpen(FastOpenConfig value) {
            fastOpen = Objects.requireNonNull(value, "fastOpen");
            return this;
        }

        public Builder maxTimeWait(int value) {
            maxTimeWait = (int) check("maxTimeWait", value, 0, 1 << 24);
            return this;
        }

        public Builder maxPathMtus(int value) {
            maxPathMtus = (int) check("maxPathMtus", value, 0, 1 << 24);
            return this;
        }

        /** Both ends of the range, inclusive. */
        public Builder ephemeralPorts(int min, int max) {
            minEphemeralPort = (int) check("minEphemeralPort", min, 1, 65_535);
            maxEphemeralPort = (int) check("maxEphemeralPort", max, min, 65_535);
            return this;
        }

        public Builder resetsPerSecond(int value) {
            resetsPerSecond = (int) check("resetsPerSecond", value, 0, 1_000_000);
            return this;
        }

        public Builder probeDelayNanos(long value) {
            probeDelayNanos = check("probeDelayNanos", value, 0, 60_000_000_000L);
            return this;
        }

        /** All three marks, which only make sense together: {@code low <= pressure <= high}. */
        public Builder memoryBytes(long low, long pressure, long high) {
            memoryLowBytes = check("memoryLowBytes", low, 0, pressure);
            memoryPressureBytes = check("memoryPressureBytes", pressure, low, high);
            memoryHighBytes = check("memoryHighBytes", high, pressure, Long.MAX_VALUE);
            return this;
        }

        public TcpStackConfig build() {
            return new TcpStackConfig(this);
        }

    }

    static long check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
        return value;
    }
}
