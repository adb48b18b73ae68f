package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.tcp.CloseCause;
import java.net.BindException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;

/** Linux's error numbers, and which one stands for which exception of a channel. */
final class Errno {
    static final Map<String, Integer> NUMBERS = Map.ofEntries(
        Map.entry("EPERM", 1), Map.entry("EACCES", 13), Map.entry("EPROTO", 71), Map.entry("EMSGSIZE", 90), Map.entry("ENONET", 64),
        Map.entry("EHOSTDOWN", 112), Map.entry("EINTR", 4), Map.entry("EBADF", 9), Map.entry("EAGAIN", 11), Map.entry("EWOULDBLOCK", 11),
        Map.entry("EINVAL", 22), Map.entry("EPIPE", 32), Map.entry("ENOPROTOOPT", 92), Map.entry("EOPNOTSUPP", 95),
        Map.entry("EADDRINUSE", 98), Map.entry("EADDRNOTAVAIL", 99), Map.entry("ENETUNREACH", 101), Map.entry("ECONNABORTED", 103),
        Map.entry("ECONNRESET", 104), Map.entry("EISCONN", 106), Map.entry("ENOTCONN", 107), Map.entry("ETIMEDOUT", 110),
        Map.entry("ECONNREFUSED", 111), Map.entry("EHOSTUNREACH", 113), Map.entry("EALREADY", 114), Map.entry("EINPROGRESS", 115));

    /** By the exception's message, which a cause of closing begins. */
    private static final Map<CloseCause, String> CAUSES = Map.ofEntries(
        Map.entry(CloseCause.REFUSED, "ECONNREFUSED"), Map.entry(CloseCause.RESET, "ECONNRESET"),
        Map.entry(CloseCause.TIMED_OUT, "ETIMEDOUT"), Map.entry(CloseCause.UNREACHABLE, "EHOSTUNREACH"),
        Map.entry(CloseCause.NETWORK_UNREACHABLE, "ENETUNREACH"), Map.entry(CloseCause.PROTOCOL_UNREACHABLE, "ENOPROTOOPT"),
        Map.entry(CloseCause.PACKET_TOO_BIG, "EMSGSIZE"), Map.entry(CloseCause.SOURCE_ROUTE_FAILED, "EOPNOTSUPP"),
        Map.entry(CloseCause.HOST_DOWN, "EHOSTDOWN"), Map.entry(CloseCause.NO_NETWORK, "ENONET"),
        Map.entry(CloseCause.PROHIBITED, "EACCES"), Map.entry(CloseCause.PROTOCOL_ERROR, "EPROTO"));

    private Errno() {
    }

    static String of(Throwable cause) {
        if (cause instanceof BindException) {
            return "EADDRINUSE";
        } else if (cause instanceof AlreadyConnectedException) {
            return "EISCONN";
        } else if (cause instanceof ConnectionPendingException) {
            return "EALREADY";
        } else if (cause instanceof NotYetConnectedException) {
            return "ENOTCONN";
        } else if (cause instanceof ClosedChannelException) {
            return "EPIPE";
        }
        String message = String.valueOf(cause.getMessage());
        for (Map.Entry<CloseCause, String> entry : CAUSES.entrySet()) {
            if (message.startsWith(entry.getKey().message())) {
                return entry.getValue();
            }
        }
        if (message.startsWith("Broken pipe")) {
            return "EPIPE";
        }
        return cause.toString();
    }
}
