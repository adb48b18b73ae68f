package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.stack.SynCookieUse;
import io.github.usertcp.stack.TcpStackConfig;
import io.github.usertcp.tcp.EcnMode;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConfigBuilder;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The machine's configuration in the words of Linux ({@link Sysctls}, routes, devices), with the defaults that public scripts assume. */
final class LinuxSettings {
    /** tcp_rmem and tcp_wmem: what receive buffers begin with, half of it for the window, and what buffers may grow to. */
    private static final int RECEIVE_BUFFER = 540_000;
    private static final int MAX_RECEIVE_BUFFER = 15 * 1024 * 1024;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int MAX_SEND_BUFFER = 4 * 1024 * 1024;

    /** Whom a change reaches at most, where Fast Open's are not counted: the stack takes those at any time. */
    enum Reach {
        NOBODY,
        /** Handshakes, which read the setting, and what then is as they have agreed. */
        HANDSHAKES,
        /** Also connections that there are. */
        CONNECTIONS,
        /** What a stack has from its start. */
        STACK
    }

    private final TcpConfigBuilder config = TcpConfig.linux().toBuilder()
        .slowStartAfterIdle(false).synRetries(5).ecnAccepted(EcnMode.OFF)
        .receiveBufferBytes(RECEIVE_BUFFER / 2, MAX_RECEIVE_BUFFER).sendBufferBytes(MAX_SEND_BUFFER + SendBuffer.HEADROOM_BYTES);
    private SynCookieUse synCookies = SynCookieUse.WHEN_HALF_FULL;
    private final FastOpenSettings fastOpen = new FastOpenSettings();
    private long[] sendBuffer = {4096, 262_144, MAX_SEND_BUFFER};
    private int mss;
    private Reach reach = Reach.NOBODY;
    private boolean peersForgotten;

    LinuxSettings(RunOptions options) {
        mss = options.linkMss();
    }

    TcpConfig config() {
        return config.build();
    }

    TcpStackConfig stackConfig() {
        // The peers of scripts are no UDP addresses that somebody may have forged: all SYN-ACKs the settings allow.
        return TcpStackConfig.builder().unverifiedSynAckRetries(127).synCookies(synCookies)
            .fastOpen(fastOpen.config()).build();
    }

    FastOpenSettings fastOpen() {
        return fastOpen;
    }

    /** {@code ip tcp_metrics flush}. */
    void forgetPeers() {
        peersForgotten = true;
    }

    /** Whether that was said since the last call. */
    boolean takePeersForgotten() {
        boolean taken = peersForgotten;
        peersForgotten = false;
        return taken;
    }

    /** Of a new socket. */
    SendBuffer sendBuffer() {
        return new SendBuffer(sendBuffer[1], sendBuffer[2]);
    }

    int linkMss() {
        return mss;
    }

    /** Something other than the defaults was asked for. */
    boolean isChanged() {
        return reach != Reach.NOBODY;
    }

    /** The furthest of all changes since the last call. */
    Reach takeReach() {
        Reach taken = reach;
        reach = Reach.NOBODY;
        return taken;
    }

    void linkMtu(int mtu, boolean ipv6) {
        reaches(Reach.STACK);
        mss = mtu - (ipv6 ? 60 : 40);
    }

    /** An attribute of {@code ip route}. @throws UnsupportedFeatureException  naming it, if there is no such thing here */
    void route(String attribute, String value) {
        switch (attribute) {
            case "initcwnd" -> change(Reach.HANDSHAKES, builder -> builder.initialWindowSegments(Integer.parseInt(value)));
            case "advmss" -> change(Reach.HANDSHAKES, builder -> builder.maxSegmentSize(Integer.parseInt(value)));
            case "quickack" -> change(Reach.CONNECTIONS, builder -> builder.quickAck(!value.equals("0")));
            case "rto_min" -> change(Reach.CONNECTIONS, builder ->
                builder.minRtoNanos(NANOS_PER_MILLI * Long.parseLong(value.replace("ms", ""))));
            default -> throw new UnsupportedFeatureException("ip route " + attribute);
        }
    }

    /**
     * Sets one.
     *
     * @param key  such as {@code net.ipv4.tcp_sack}; the path before its last part doesn't matter
     * @throws UnsupportedFeatureException  naming it, if what it asks for is not there
     */
    void set(String key, String value) {
        String name = key.substring(key.lastIndexOf('.') + 1);
        if (name.equals("tcp_syncookies")) {
            setSynCookies(value);
            return;
        }
        if (fastOpen.set(name, value)) {
            return;
        }
        if (name.equals("tcp_wmem")) {
            sendBuffer = Arrays.stream(value.strip().split("\\s+")).mapToLong(Long::parseLong).toArray();
            reaches(Reach.CONNECTIONS);
            return;
        }
        BiConsumer<TcpConfigBuilder, String> row = Sysctls.find(name);
        if (row != null) {
            try {
                change(Sysctls.isReadByHandshakes(name) ? Reach.HANDSHAKES : Reach.CONNECTIONS, builder -> row.accept(builder, value));
            } catch (IllegalArgumentException e) {
                throw new UnsupportedFeatureException("sysctl " + name + '=' + value);
            }
        }
    }

    private void setSynCookies(String value) {
        synCookies = switch (value) {
            case "0" -> SynCookieUse.NEVER;
            case "1" -> SynCookieUse.WHEN_HALF_FULL; // Linux waits until the queue is full, which no script's is
            case "2" -> SynCookieUse.ALWAYS;
            default -> throw new UnsupportedFeatureException("sysctl tcp_syncookies=" + value);
        };
        reaches(Reach.STACK);
    }

    private void change(Reach whom, Consumer<TcpConfigBuilder> by) {
        by.accept(config);
        reaches(whom);
    }

    private void reaches(Reach whom) {
        if (whom.compareTo(reach) > 0) {
            reach = whom;
        }
    }
}
