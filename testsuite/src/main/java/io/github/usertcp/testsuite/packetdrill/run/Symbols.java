package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.testsuite.packetdrill.script.Expression;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.Map;

/** Linux's names for numbers in system calls. */
final class Symbols {
    static final int POLLIN = 1;
    static final int POLLOUT = 4;
    static final int POLLERR = 8;
    static final int POLLHUP = 16;
    static final int POLLRDNORM = 64;
    static final int POLLWRNORM = 256;
    static final int POLLRDHUP = 0x2000;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_FASTOPEN = 0x2000_0000;
    static final int MSG_PEEK = 2;
    static final int MSG_WAITALL = 0x100;
    static final int MSG_MORE = 0x8000;
    static final int MSG_EOR = 0x80;
    static final int MSG_ZEROCOPY = 0x400_0000;

    private static final Map<String, Integer> VALUES = Map.ofEntries(
        Map.entry("AF_UNSPEC", 0), Map.entry("AF_INET", 2), Map.entry("AF_INET6", 10), Map.entry("PF_INET", 2), Map.entry("PF_INET6", 10),
        Map.entry("SOCK_STREAM", 1), Map.entry("SOCK_DGRAM", 2), Map.entry("SOCK_NONBLOCK", O_NONBLOCK), Map.entry("SOCK_CLOEXEC", 0x80000),
        Map.entry("IPPROTO_TCP", 6), Map.entry("IPPROTO_IP", 0), Map.entry("IPPROTO_IPV6", 41), Map.entry("SOL_SOCKET", 1),
        Map.entry("SOL_TCP", 6), Map.entry("SOL_IP", 0), Map.entry("SOL_IPV6", 41),
        Map.entry("IP_PMTUDISC_DONT", 0), Map.entry("IP_PMTUDISC_WANT", 1), Map.entry("IP_PMTUDISC_DO", 2),
        Map.entry("IP_PMTUDISC_PROBE", 3),
        Map.entry("IPV6_PMTUDISC_DONT", 0), Map.entry("IPV6_PMTUDISC_WANT", 1), Map.entry("IPV6_PMTUDISC_DO", 2),
        Map.entry("IPV6_PMTUDISC_PROBE", 3),
        Map.entry("O_RDONLY", 0), Map.entry("O_RDWR", O_RDWR), Map.entry("O_NONBLOCK", O_NONBLOCK),
        Map.entry("F_GETFL", 3), Map.entry("F_SETFL", 4),
        Map.entry("F_SETFD", 2), Map.entry("F_GETFD", 1), Map.entry("FD_CLOEXEC", 1),
        Map.entry("SHUT_RD", 0), Map.entry("SHUT_WR", 1), Map.entry("SHUT_RDWR", 2),
        Map.entry("MSG_DONTWAIT", MSG_DONTWAIT), Map.entry("MSG_NOSIGNAL", MSG_NOSIGNAL), Map.entry("MSG_TRUNC", MSG_TRUNC),
        Map.entry("MSG_PEEK", MSG_PEEK), Map.entry("MSG_OOB", 1), Map.entry("MSG_MORE", MSG_MORE), Map.entry("MSG_WAITALL", MSG_WAITALL),
        Map.entry("MSG_FASTOPEN", MSG_FASTOPEN), Map.entry("MSG_ZEROCOPY", MSG_ZEROCOPY), Map.entry("MSG_ERRQUEUE", 0x2000),
        Map.entry("MSG_EOR", MSG_EOR),
        Map.entry("POLLIN", POLLIN), Map.entry("POLLPRI", 2), Map.entry("POLLOUT", POLLOUT), Map.entry("POLLERR", POLLERR),
        Map.entry("POLLHUP", POLLHUP), Map.entry("POLLNVAL", 32), Map.entry("POLLRDNORM", POLLRDNORM), Map.entry("POLLWRNORM", POLLWRNORM),
        Map.entry("POLLRDHUP", POLLRDHUP), Map.entry("SIOCINQ", 0x541B), Map.entry("FIONREAD", 0x541B), Map.entry("SIOCOUTQ", 0x5411));

    private Symbols() {
    }

    /** The number an expression stands for. */
    static long value(Expression expression) {
        if (expression instanceof Expression.Number number) {
            return number.value();
        } else if (expression instanceof Expression.Or or) {
            return or.terms().stream().mapToLong(Symbols::value).reduce(0, (a, b) -> a | b);
        } else if (expression instanceof Expression.Name name) {
            Integer value = VALUES.containsKey(name.name()) ? VALUES.get(name.name()) : Errno.NUMBERS.get(name.name());
            if (value == null) {
                throw new UnsupportedFeatureException(name.name());
            }
            return value;
        } else if (expression instanceof Expression.ListOf list && list.items().size() == 1) {
            return value(list.items().get(0));
        }
        throw new ScriptFailure("expected a number or a symbol");
    }

    /** The name an expression is, for arguments that are chosen by name. */
    static String name(Expression expression) {
        if (expression instanceof Expression.Name name) {
            return name.name();
        }
        throw new UnsupportedFeatureException("option by number");
    }

}
