package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.tcp.CloseCause;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;

/** Linux's error numbers, and which one stands for which exception of a channel. */
final class Errno {
    static final Map<String, Integer> NUMBERS = Map.ofEntries(
        Map.entry("EPERM", 1), Map.entry("EINTR", 4), Map.entry("EBADF", 9), Map.entry("EAGAIN", 11), Map.entry("EWOULDBLOCK", 11),
        Map.entry("EINVAL", 22), Map.entry("EPIPE", 32), Map.entry("ENOPROTOOPT", 92), Map.entry("EOPNOTSUPP", 95),
        Map.entry("EADDRINUSE", 98), Map.entry("EADDRNOTAVAIL", 99), Map.entry("ENETUNREACH", 101), Map.entry("ECONNABORTED", 103),
        Map.entry("ECONNRESET", 104), Map.entry("EISCONN", 106), Map.entry("ENOTCONN", 107), Map.entry("ETIMEDOUT", 110),
        Map.entry("ECONNREFUSED", 111), Map.entry("EHOSTUNREACH", 113), Map.entry("EALREADY", 114), Map.entry("EINPROGRESS", 115));

    private Errno() {
    }

    static String of(Throwable cause) {
        if (cause instanceof BindException) {
            return "EADDRINUSE";
        } else if (cause instanceof NoRouteToHostException) {
            return "EHOSTUNREACH";
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
        if (message.startsWith(CloseCause.REFUSED.message())) {
            return "ECONNREFUSED";
        } else if (message.startsWith(CloseCause.RESET.message())) {
            return "ECONNRESET";
        } else if (message.startsWith(CloseCause.TIMED_OUT.message())) {
            return "ETIMEDOUT";
        } else if (message.startsWith("Broken pipe")) {
            return "EPIPE";
        }
        return cause.toString();
    }
}
