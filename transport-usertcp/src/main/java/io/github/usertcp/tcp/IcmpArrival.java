package io.github.usertcp.tcp;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IcmpErrorKind;

/**
 * The network reports an error about a segment of ours (RFC 9293 section 3.9.2.2). Anybody can forge such a report, so it counts only if
 * it quotes a sequence number that is in flight (RFC 5927 section 4.1), and never ends a connection that has heard from its peer (section
 * 5.2): then it says what went wrong should the connection time out. As in Linux, every error ends a connect, and a connection that its
 * SYN has opened and nobody has accepted.
 */
final class IcmpArrival {
    private IcmpArrival() {
    }

    /** Returns whether the error was believed. */
    static boolean error(Tcb tcb, IcmpError error, long nowNanos) {
        boolean hasFlight = switch (tcb.state()) {
            case CLOSED, LISTEN, TIME_WAIT -> false;
            default -> true;
        };
        if (!hasFlight || !isInFlight(tcb, error)) {
            return false;
        }
        if (error.kind() == IcmpErrorKind.PACKET_TOO_BIG) {
            PathMtuDiscovery.tooBig(tcb, error.mtu(), nowNanos);
            FastOpenClient.tooBig(tcb);
            return true;
        }
        CloseCause cause = cause(error.kind());
        if (tcb.state() == TcpState.SYN_SENT || tcb.fastOpen.isUnclaimed()) {
            tcb.enter(TcpState.CLOSED, cause);
            return true;
        }
        tcb.softError = cause;
        boolean noRoute = error.kind() == IcmpErrorKind.NETWORK_UNREACHABLE || error.kind() == IcmpErrorKind.HOST_UNREACHABLE;
        if (noRoute && error.seq() == SequenceNumbers.wrap(tcb.send.una())) {
            Timeouts.revertBackoff(tcb, nowNanos);
        }
        return true;
    }

    private static boolean isInFlight(Tcb tcb, IcmpError error) {
        long seq = SequenceNumbers.unwrap(error.seq(), tcb.send.una());
        long first = tcb.send.una() - (tcb.fastOpen.isAwaitingThird() ? 1 : 0); // its SYN-ACK has no place in the send space
        return first <= seq && seq < tcb.send.nxt();
    }

    /** The error numbers of Linux, in words: its users are used to them. */
    private static CloseCause cause(IcmpErrorKind kind) {
        return switch (kind) {
            case NETWORK_UNREACHABLE, NETWORK_UNKNOWN -> CloseCause.NETWORK_UNREACHABLE;
            case HOST_UNREACHABLE, HOST_PROHIBITED, TIME_EXCEEDED, FRAGMENTS_MISSING -> CloseCause.UNREACHABLE;
            case PROTOCOL_UNREACHABLE -> CloseCause.PROTOCOL_UNREACHABLE;
            case PORT_UNREACHABLE -> CloseCause.REFUSED;
            case PACKET_TOO_BIG -> CloseCause.PACKET_TOO_BIG;
            case SOURCE_ROUTE_FAILED -> CloseCause.SOURCE_ROUTE_FAILED;
            case HOST_UNKNOWN -> CloseCause.HOST_DOWN;
            case SOURCE_ISOLATED -> CloseCause.NO_NETWORK;
            case PROHIBITED -> CloseCause.PROHIBITED;
            case PARAMETER_PROBLEM, UNKNOWN_OPTION -> CloseCause.PROTOCOL_ERROR;
        };
    }
}
