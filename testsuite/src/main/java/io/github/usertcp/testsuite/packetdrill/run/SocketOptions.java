package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.channel.UserTcpChannelOption;
import io.github.usertcp.stack.FastOpenKeys;
import io.github.usertcp.tcp.TcpInfo;
import io.github.usertcp.testsuite.packetdrill.script.Expression;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** setsockopt and getsockopt of one socket, by the channel options that mean the same. */
final class SocketOptions {
    private static final Map<String, ChannelOption<Integer>> NUMBERS = Map.of(
        "TCP_MAXSEG", UserTcpChannelOption.TCP_MAXSEG, "TCP_SYNCNT", UserTcpChannelOption.TCP_SYNCNT,
        "TCP_USER_TIMEOUT", UserTcpChannelOption.TCP_USER_TIMEOUT, "TCP_LINGER2", UserTcpChannelOption.TCP_LINGER2,
        "TCP_KEEPIDLE", UserTcpChannelOption.TCP_KEEPIDLE, "TCP_KEEPINTVL", UserTcpChannelOption.TCP_KEEPINTVL,
        "TCP_KEEPCNT", UserTcpChannelOption.TCP_KEEPCNT, "IP_MTU_DISCOVER", UserTcpChannelOption.IP_MTU_DISCOVER,
        "IPV6_MTU_DISCOVER", UserTcpChannelOption.IP_MTU_DISCOVER);
    private static final Map<String, ChannelOption<Boolean>> FLAGS = Map.of(
        "SO_KEEPALIVE", ChannelOption.SO_KEEPALIVE, "TCP_NODELAY", ChannelOption.TCP_NODELAY, "TCP_CORK", UserTcpChannelOption.TCP_CORK,
        "TCP_QUICKACK", UserTcpChannelOption.TCP_QUICKACK);

    /** Linux TCP_MSS_DEFAULT: what TCP_MAXSEG reads on a socket without a connection. */
    private static final long DEFAULT_SEGMENT = 536;
    /** Of options nobody has set. */
    private static final Map<String, Long> DEFAULTS = Map.ofEntries(Map.entry("TCP_NODELAY", 0L), Map.entry("TCP_CORK", 0L),
        Map.entry("SO_KEEPALIVE", 0L), Map.entry("SO_REUSEADDR", 0L), Map.entry("TCP_KEEPIDLE", 7200L), Map.entry("TCP_KEEPINTVL", 75L),
        Map.entry("TCP_KEEPCNT", 9L), Map.entry("TCP_USER_TIMEOUT", 0L), Map.entry("TCP_NOTSENT_LOWAT", 0L), Map.entry("TCP_SYNCNT", 5L),
        Map.entry("TCP_LINGER2", 60L), Map.entry("IP_TOS", 0L), Map.entry("TCP_DEFER_ACCEPT", 0L), Map.entry("IP_MTU_DISCOVER", 1L),
        Map.entry("TCP_QUICKACK", 1L), Map.entry("SO_TYPE", 1L));

    private final Endpoint endpoint;
    /** As set, for reading back. */
    private final Map<String, Long> values = new HashMap<>();
    private FastOpenKeys fastOpenKeys;

    SocketOptions(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Outcome set(Expression name, Expression value) {
        String option = Symbols.name(name);
        if (value instanceof Expression.Text text) {
            return setText(option, text.value());
        }
        if (option.equals("SO_LINGER") && value instanceof Expression.Structure linger) {
            boolean on = Symbols.value(linger.field("onoff")) != 0;
            endpoint.linger(on ? (int) Symbols.value(linger.field("linger")) : -1);
            return Outcome.of(0);
        }
        long number = Symbols.value(value);
        try {
            setNumber(option, number);
        } catch (IllegalArgumentException e) {
            return Outcome.error("EINVAL");
        }
        values.put(option, number);
        return Outcome.of(0);
    }

    private Outcome setText(String option, String value) {
        if (option.equals("TCP_FASTOPEN_KEY")) {
            return setFastOpenKey(value);
        }
        if (!option.equals("TCP_CONGESTION")) {
            throw new UnsupportedFeatureException(option + '=' + value);
        }
        endpoint.option(UserTcpChannelOption.TCP_CONGESTION, Sysctls.congestionControl(option, value));
        return Outcome.of(0);
    }

    private Outcome setFastOpenKey(String value) {
        try {
            fastOpenKeys = FastOpenKeys.of(value.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return Outcome.error("EINVAL");
        }
        endpoint.option(UserTcpChannelOption.TCP_FASTOPEN_KEY, fastOpenKeys);
        return Outcome.of(0);
    }

    private void setNumber(String option, long value) {
        int number = (int) value;
        if (FLAGS.containsKey(option)) {
            endpoint.option(FLAGS.get(option), value != 0);
        } else if (NUMBERS.containsKey(option)) {
            endpoint.option(NUMBERS.get(option), number);
        } else {
            switch (option) {
                case "TCP_FASTOPEN" -> endpoint.option(ChannelOption.TCP_FASTOPEN, number);
                case "TCP_FASTOPEN_CONNECT" -> endpoint.option(ChannelOption.TCP_FASTOPEN_CONNECT, flag(value));
                case "TCP_FASTOPEN_NO_COOKIE" -> endpoint.option(UserTcpChannelOption.TCP_FASTOPEN_NO_COOKIE, flag(value));
                case "SO_REUSEADDR" -> endpoint.option(ChannelOption.SO_REUSEADDR, value != 0);
                // Linux doubles what is set, and takes half of that for overhead when it offers windows.
                case "SO_RCVBUF" -> endpoint.option(ChannelOption.SO_RCVBUF, number);
                case "SO_SNDBUF" -> endpoint.sendBufferBytes(number);
                case "IP_TOS", "IPV6_TCLASS" -> endpoint.option(ChannelOption.IP_TOS, number);
                case "TCP_NOTSENT_LOWAT" -> endpoint.unsentLowWaterBytes(value & 0xFFFF_FFFFL);
                default -> throw new UnsupportedFeatureException(option);
            }
        }
    }

    /** Options that take nothing but 0 and 1. */
    private static boolean flag(long value) {
        if (value < 0 || value > 1) {
            throw new IllegalArgumentException("flag: " + value);
        }
        return value == 1;
    }

    /** Reads an option and compares it with what the script says. */
    Outcome get(Expression name, Expression expected) {
        String option = Symbols.name(name);
        if (option.equals("TCP_FASTOPEN_KEY") && expected instanceof Expression.Text text) {
            byte[] bytes = (fastOpenKeys != null ? fastOpenKeys : endpoint.stackFastOpenKeys()).toBytes();
            if (!Arrays.equals(bytes, text.value().getBytes(StandardCharsets.ISO_8859_1))) {
                throw new ScriptFailure("getsockopt " + option + ": was 0x" + SegmentBytes.hex(bytes));
            }
            return Outcome.of(0);
        }
        long value = value(option);
        long wanted = Symbols.value(expected);
        if (value != wanted) {
            throw new ScriptFailure("getsockopt " + option + ": expected " + wanted + ", was " + value);
        }
        return Outcome.of(0);
    }

    private long value(String option) {
        TcpInfo info = endpoint.info();
        return switch (option) {
            case "SO_ERROR" -> {
                String error = endpoint.takeError();
                yield error.isEmpty() ? 0 : Errno.NUMBERS.getOrDefault(error, -1);
            }
            case "SO_SNDBUF", "SO_RCVBUF" -> 2 * setBefore(option);
            case "TCP_FASTOPEN", "TCP_FASTOPEN_CONNECT", "TCP_FASTOPEN_NO_COOKIE" -> values.getOrDefault(option, 0L);
            case "SO_ACCEPTCONN" -> endpoint.isListening() ? 1 : 0;
            case "TCP_MAXSEG" -> info != null ? info.sndMss() : values.getOrDefault(option, DEFAULT_SEGMENT);
            default -> setBefore(option);
        };
    }

    private long setBefore(String option) {
        Long value = values.getOrDefault(option, DEFAULTS.get(option));
        if (value == null) {
            throw new UnsupportedFeatureException("getsockopt " + option);
        }
        return value;
    }
}
