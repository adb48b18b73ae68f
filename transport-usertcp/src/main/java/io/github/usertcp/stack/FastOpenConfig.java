package io.github.usertcp.stack;

/**
 * What a stack allows of TCP Fast Open (RFC 7413). Nothing here turns it on: RFC 7413 section 2 wants an application to ask for it, a
 * server with {@code ChannelOption.TCP_FASTOPEN}, a client with {@code ChannelOption.TCP_FASTOPEN_CONNECT}, because either must be able to
 * bear a request that is delivered twice. Immutable.
 *
 * <p>Setters of the {@link Builder} throw {@link IllegalArgumentException} naming setting, value and range when the value is out of range.
 */
public final class FastOpenConfig {
    private static final FastOpenConfig DEFAULT = builder().build();

    private final boolean client;
    private final boolean clientWithoutCookie;
    private final int maxPeers;
    private final long pauseNanos;
    private final boolean server;
    private final boolean serverWithoutCookie;
    private final boolean everyListener;
    private final long resetPenaltyNanos;
    private final FastOpenKeys keys;

    private FastOpenConfig(Builder builder) {
        client = builder.client;
        clientWithoutCookie = builder.clientWithoutCookie;
        maxPeers = builder.maxPeers;
        pauseNanos = builder.pauseNanos;
        server = builder.server;
        serverWithoutCookie = builder.serverWithoutCookie;
        everyListener = builder.everyListener;
        resetPenaltyNanos = builder.resetPenaltyNanos;
        keys = builder.keys;
    }

    /** All defaults. */
    public static FastOpenConfig defaults() {
        return DEFAULT;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Whether clients that ask for it get Fast Open; bit 0x1 of Linux's tcp_fastopen. Default true. */
    public boolean client() {
        return client;
    }

    /** Whether their SYN carries data to servers that have given no cookie; bit 0x4. Only for closed networks. Default false. */
    public boolean clientWithoutCookie() {
        return clientWithoutCookie;
    }

    /** Servers whose cookies are remembered; the one not used for longest is forgotten. Default 1024, some 200 KiB. */
    public int maxPeers() {
        return maxPeers;
    }

    /**
     * For how long a server gets ordinary SYNs after one with option or data seems to have been dropped on the way, or it has refused the
     * data without a new cookie, in nanoseconds (RFC 7413 section 4.1.3.1); doubles with each failure that follows, up to an hour. Default
     * 60 s; 0 tries every time, as Linux does.
     */
    public long pauseNanos() {
        return pauseNanos;
    }

    /** Whether listeners that ask for it get Fast Open; bit 0x2 of Linux's tcp_fastopen. Default true. */
    public boolean server() {
        return server;
    }

    /**
     * Whether they take data from any SYN, cookie or not; bit 0x200. The server then answers whatever address a SYN claims to come from
     * with up to an initial window of data. Only for closed networks, and answers no longer than requests (RFC 7413 section 7.3).
     * Default false.
     */
    public boolean serverWithoutCookie() {
        return serverWithoutCookie;
    }

    /** Whether all listeners have Fast Open, with as many pending connections as their backlog; bit 0x400. Default false. */
    public boolean everyListener() {
        return everyListener;
    }

    /**
     * For how long a connection that was reset before its third segment goes on to count as pending, in nanoseconds, so that resets do not
     * fuel a flood (RFC 7413 section 5.1). Default 60 s, as Linux.
     */
    public long resetPenaltyNanos() {
        return resetPenaltyNanos;
    }

    /**
     * The keys of this stack's listeners. {@code null}, the default, lets all stacks of a process share one made at random: several on one
     * port, one for each event loop, then honour each other's cookies.
     */
    public FastOpenKeys keys() {
        return keys;
    }

    /** Collects settings, each documented at the getter of the same name. Not thread-safe. */
    public static final class Builder {
        private boolean client = true;
        private boolean clientWithoutCookie;
        private int maxPeers = 1024;
        private long pauseNanos = 60_000_000_000L;
        private boolean server = true;
        private boolean serverWithoutCookie;
        private boolean everyListener;
        private long resetPenaltyNanos = 60_000_000_000L;
        private FastOpenKeys keys;

        private Builder() {
        }

        public Builder client(boolean value) {
            client = value;
            return this;
        }

        public Builder clientWithoutCookie(boolean value) {
            clientWithoutCookie = value;
            return this;
        }

        public Builder maxPeers(int value) {
            maxPeers = (int) TcpStackConfig.check("maxPeers", value, 1, 1 << 20);
            return this;
        }

        public Builder pauseNanos(long value) {
            pauseNanos = TcpStackConfig.check("pauseNanos", value, 0, 3_600_000_000_000L);
            return this;
        }

        public Builder server(boolean value) {
            server = value;
            return this;
        }

        public Builder serverWithoutCookie(boolean value) {
            serverWithoutCookie = value;
            return this;
        }

        public Builder everyListener(boolean value) {
            everyListener = value;
            return this;
        }

        public Builder resetPenaltyNanos(long value) {
            resetPenaltyNanos = TcpStackConfig.check("resetPenaltyNanos", value, 0, 3_600_000_000_000L);
            return this;
        }

        public Builder keys(FastOpenKeys value) {
            keys = value;
            return this;
        }

        public FastOpenConfig build() {
            return new FastOpenConfig(this);
        }
    }
}
