package io.github.usertcp.channel;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.tcp.MtuProbing;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConfigBuilder;
import io.netty.channel.ChannelOption;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A channel option that is a setting of the connection: how it is read from
 * a {@link TcpConfig}, and how a value of it is checked and written to one.
 *
 * <p>Found by the option's name without the class that defines it, so that the epoll, io_uring and NIO transports' options are understood
 * and none of those transports need be there.
 */
record Setting<T>(ChannelOption<T> option, Class<T> type, Function<TcpConfig, T> reader, BiConsumer<TcpConfigBuilder, T> writer) {
    private static final int MIN_BUFFER_BYTES = 1024;
    /** Of Linux's IP_MTU_DISCOVER. */
    private static final int MTU_DISCOVER_WANT = 1;
    private static final int MTU_DISCOVER_DO = 2;
    private static final int MTU_DISCOVER_PROBE = 3;
    private static final int MAX_BUFFER_BYTES = 1 << 30;
    private static final Map<String, Setting<?>> BY_NAME = byName();

    private static Map<String, Setting<?>> byName() {
        Map<String, Setting<?>> table = new LinkedHashMap<>();
        buffers(table);
        flags(table);
        numbers(table);
        times(table);
        add(table, new Setting<>(UserTcpChannelOption.TCP_CONGESTION, CongestionControlFactory.class,
            TcpConfig::congestionControl, TcpConfigBuilder::congestionControl));
        add(table, new Setting<>(UserTcpChannelOption.TCP_MTU_PROBING, MtuProbing.class,
            TcpConfig::mtuProbing, TcpConfigBuilder::mtuProbing));
        return Collections.unmodifiableMap(table);
    }

    /** The setting an option stands for; {@code null} if it is none. */
    static Setting<?> of(ChannelOption<?> option) {
        return BY_NAME.get(simpleName(option));
    }

    static Collection<Setting<?>> all() {
        return BY_NAME.values();
    }

    /** {@code TCP_CORK} for {@code io.netty.channel.epoll.EpollChannelOption#TCP_CORK}. */
    static String simpleName(ChannelOption<?> option) {
        String name = option.name();
        return name.substring(name.indexOf('#') + 1);
    }

    /** The settings changed by one value. @throws IllegalArgumentException naming option, value and what was expected */
    TcpConfig write(TcpConfig config, Object value) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(simpleName(option) + ": " + value + " (expected: " + type.getSimpleName() + ')');
        }
        TcpConfigBuilder builder = config.toBuilder();
        writer.accept(builder, type.cast(value));
        return builder.build();
    }

    static long check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ')');
        }
        return value;
    }

    private static void buffers(Map<String, Setting<?>> table) {
        // Kernels take any positive size and use the nearest they can; reading it back tells. A receive buffer that is set no longer grows.
        number(table, ChannelOption.SO_SNDBUF, 1, Integer.MAX_VALUE, TcpConfig::sendBufferBytes,
            (builder, value) -> builder.sendBufferBytes(clamp(value)));
        number(table, ChannelOption.SO_RCVBUF, 1, Integer.MAX_VALUE, TcpConfig::receiveBufferBytes,
            (builder, value) -> builder.receiveBufferBytes(clamp(value)));
    }

    private static int clamp(int bytes) {
        return Math.max(MIN_BUFFER_BYTES, Math.min(MAX_BUFFER_BYTES, bytes));
    }

    private static void flags(Map<String, Setting<?>> table) {
        flag(table, ChannelOption.TCP_NODELAY, TcpConfig::noDelay, TcpConfigBuilder::noDelay);
        flag(table, ChannelOption.SO_KEEPALIVE, TcpConfig::keepAlive, TcpConfigBuilder::keepAlive);
        flag(table, UserTcpChannelOption.TCP_CORK, TcpConfig::cork, TcpConfigBuilder::cork);
        flag(table, UserTcpChannelOption.TCP_QUICKACK, TcpConfig::quickAck, TcpConfigBuilder::quickAck);
        flag(table, ChannelOption.TCP_FASTOPEN_CONNECT, TcpConfig::fastOpenConnect, TcpConfigBuilder::fastOpenConnect);
        flag(table, UserTcpChannelOption.TCP_FASTOPEN_NO_COOKIE, TcpConfig::fastOpenWithoutCookie, TcpConfigBuilder::fastOpenWithoutCookie);
        flag(table, UserTcpChannelOption.TCP_TIMESTAMPS, TcpConfig::timestamps, TcpConfigBuilder::timestamps);
        flag(table, UserTcpChannelOption.TCP_SACK, TcpConfig::sack, TcpConfigBuilder::sack);
    }

    private static void numbers(Map<String, Setting<?>> table) {
        number(table, ChannelOption.IP_TOS, 0, 255, TcpConfig::trafficClass, TcpConfigBuilder::trafficClass);
        number(table, UserTcpChannelOption.IP_MTU_DISCOVER, 0, 5,
            config -> config.pathMtuDiscovery() ? MTU_DISCOVER_WANT : MTU_DISCOVER_PROBE,
            (builder, value) -> builder.pathMtuDiscovery(value == MTU_DISCOVER_WANT || value == MTU_DISCOVER_DO));
        number(table, UserTcpChannelOption.TCP_KEEPCNT, 1, 127, TcpConfig::keepAliveCount, TcpConfigBuilder::keepAliveCount);
        number(table, UserTcpChannelOption.TCP_SYNCNT, 0, 127, TcpConfig::synRetries, TcpConfigBuilder::synRetries);
        number(table, UserTcpChannelOption.TCP_INITIAL_WINDOW, 1, 1000,
            TcpConfig::initialWindowSegments, TcpConfigBuilder::initialWindowSegments);
        number(table, UserTcpChannelOption.TCP_MAXSEG, 0, 65_495, TcpConfig::maxSegmentSize, (builder, value) ->
            builder.maxSegmentSize(value == 0 ? 0 : (int) check("TCP_MAXSEG", value, TcpConfig.MIN_SEGMENT_SIZE, 65_495)));
        add(table, new Setting<>(UserTcpChannelOption.TCP_NOTSENT_LOWAT, Long.class,
            config -> config.notSentLowWaterBytes() == Integer.MAX_VALUE ? 0L : (long) config.notSentLowWaterBytes(),
            (builder, value) -> {
                long bytes = check("TCP_NOTSENT_LOWAT", value, 0, 0xFFFF_FFFFL);
                builder.notSentLowWaterBytes(bytes == 0 ? Integer.MAX_VALUE : (int) Math.min(bytes, Integer.MAX_VALUE));
            }));
    }

    private static void times(Map<String, Setting<?>> table) {
        number(table, UserTcpChannelOption.TCP_KEEPIDLE, 1, 32_767, config -> (int) NANOSECONDS.toSeconds(config.keepAliveIdleNanos()),
            (builder, value) -> builder.keepAliveIdleNanos(SECONDS.toNanos(value)));
        number(table, UserTcpChannelOption.TCP_KEEPINTVL, 1, 32_767, config -> (int) NANOSECONDS.toSeconds(config.keepAliveIntervalNanos()),
            (builder, value) -> builder.keepAliveIntervalNanos(SECONDS.toNanos(value)));
        number(table, UserTcpChannelOption.TCP_USER_TIMEOUT, 0, 86_400_000, config -> (int) NANOSECONDS.toMillis(config.userTimeoutNanos()),
            (builder, value) -> builder.userTimeoutNanos(MILLISECONDS.toNanos(value)));
        number(table, UserTcpChannelOption.TCP_LINGER2, 1, 86_400, config -> (int) NANOSECONDS.toSeconds(config.finWait2Nanos()),
            (builder, value) -> builder.finWait2Nanos(SECONDS.toNanos(value)));
        number(table, UserTcpChannelOption.TCP_RTO_MIN_US, 1000, 60_000_000, config -> (int) NANOSECONDS.toMicros(config.minRtoNanos()),
            (builder, value) -> builder.minRtoNanos(MICROSECONDS.toNanos(value)));
        number(table, UserTcpChannelOption.TCP_DELACK_MAX_US, 0, 500_000, config -> (int) NANOSECONDS.toMicros(config.delayedAckMaxNanos()),
            (builder, value) -> builder.delayedAckMaxNanos(MICROSECONDS.toNanos(value)));
    }

    private static void number(Map<String, Setting<?>> table, ChannelOption<Integer> option, int min, int max,
                               Function<TcpConfig, Integer> reader, BiConsumer<TcpConfigBuilder, Integer> writer) {
        add(table, new Setting<>(option, Integer.class, reader,
            (builder, value) -> writer.accept(builder, (int) check(simpleName(option), value, min, max))));
    }

    private static void flag(Map<String, Setting<?>> table, ChannelOption<Boolean> option,
                             Function<TcpConfig, Boolean> reader, BiConsumer<TcpConfigBuilder, Boolean> writer) {
        add(table, new Setting<>(option, Boolean.class, reader, writer));
    }

    private static void add(Map<String, Setting<?>> table, Setting<?> setting) {
        table.put(simpleName(setting.option), setting);
    }
}
