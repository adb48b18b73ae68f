package io.github.usertcp.testsuite.packetdrill.run;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** The channel options a socket has been given, for the channel it becomes. */
final class ChannelOptions {
    private final Map<ChannelOption<?>, Object> values = new LinkedHashMap<>();

    ChannelOptions() {
        // The channels' default is Netty's, a socket's is not.
        values.put(ChannelOption.TCP_NODELAY, false);
    }

    /** @param current  what the socket is already; {@code null} if it is no channel yet */
    <T> void set(ChannelOption<T> option, T value, Channel current) {
        if (current != null) {
            current.config().setOption(option, value);
        }
        values.put(option, value);
    }

    /** What it was set to, {@code null} if it was not. */
    <T> Object get(ChannelOption<T> option) {
        return values.get(option);
    }

    boolean isSet(ChannelOption<Boolean> option) {
        return Boolean.TRUE.equals(values.get(option));
    }

    void applyTo(Channel channel) {
        values.forEach((option, value) -> apply(channel, option, value));
    }

    @SuppressWarnings("unchecked")
    private static <T> void apply(Channel channel, ChannelOption<T> option, Object value) {
        channel.config().setOption(option, (T) value);
    }
}
