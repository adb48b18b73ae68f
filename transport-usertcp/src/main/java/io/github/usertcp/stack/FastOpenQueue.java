package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpState;
import java.util.ArrayDeque;

/**
 * One listener's part in TCP Fast Open (RFC 7413 section 4.2): whether a SYN may open a connection by itself, which cookie answers it, and
 * how many connections wait for their third segment. Off until it gets a limit.
 */
final class FastOpenQueue implements FastOpenWatch {
    /**
     * What becomes of a SYN.
     *
     * @param opens   it opens a connection
     * @param cookie  what the SYN-ACK brings, {@code null} for no option
     */
    record Verdict(boolean opens, byte[] cookie) {
        static final Verdict ORDINARY = new Verdict(false, null);
        static final Verdict OPENS = new Verdict(true, null);
    }

    private final FastOpenPolicy policy;
    private final StackStats stats;
    /** This listener's own; {@code null} for its stack's. */
    private FastOpenKeys keys;
    private boolean withoutCookie;
    private int limit;
    private int pending;
    /** When connections that were reset cease to count, oldest first; there are never more than the limit was when they came. */
    private final ArrayDeque<Long> resets = new ArrayDeque<>();

    FastOpenQueue(FastOpenPolicy policy, StackStats stats) {
        this.policy = policy;
        this.stats = stats;
    }

    void limit(int maxPending) {
        limit = maxPending;
    }

    void keys(FastOpenKeys newKeys) {
        keys = newKeys;
    }

    void withoutCookie(boolean without) {
        withoutCookie = without;
    }

    /** Connections that count against the limit. */
    int pending() {
        return pending + resets.size();
    }

    /** RFC 7413 section 4.2.2, "Server: Receiving SYN and responding with SYN-ACK", steps 1 to 3, in Linux's order. */
    Verdict judge(TcpSegment syn, long nowNanos) {
        byte[] option = syn.fastOpenCookie();
        boolean concerned = option != null || syn.payloadLength() > 0;
        if (limit == 0 || !policy.config().server() || !concerned || !hasRoom(nowNanos)) {
            return Verdict.ORDINARY;
        }
        if (withoutCookie || policy.config().serverWithoutCookie()) {
            return Verdict.OPENS;
        }
        return option == null ? Verdict.ORDINARY : judge(option, syn);
    }

    private Verdict judge(byte[] cookie, TcpSegment syn) {
        FastOpenKeys making = keys != null ? keys : policy.keys();
        byte[] valid = making.cookie(syn.source(), syn.destination());
        if (cookie.length == 0) {
            stats.count(StackCounter.FAST_OPEN_COOKIES_REQUESTED);
            return new Verdict(false, valid);
        }
        if (FastOpenKeys.same(cookie, valid)) {
            return Verdict.OPENS;
        }
        boolean outdated = making.isOfPreviousKey(cookie, syn.source(), syn.destination());
        if (!outdated) {
            stats.count(StackCounter.FAST_OPEN_COOKIES_INVALID);
        }
        return new Verdict(outdated, valid);
    }

    private boolean hasRoom(long nowNanos) {
        // One at a time, as in Linux: room comes back as slowly as it is asked for.
        if (pending() >= limit && !resets.isEmpty() && resets.peek() - nowNanos <= 0) {
            resets.poll();
        }
        boolean room = pending() < limit;
        if (!room) {
            stats.count(StackCounter.FAST_OPEN_QUEUE_OVERFLOWS);
        }
        return room;
    }

    /** A SYN has opened this connection. */
    void opened(StackConnection connection) {
        pending++;
        connection.fastOpenWatch = this;
        stats.count(StackCounter.FAST_OPENS_ACCEPTED);
    }

    @Override
    public boolean settle(StackConnection connection, long nowNanos) {
        if (connection.tcp().isAwaitingThird()) {
            return false;
        }
        pending--;
        boolean reset = connection.tcp().state() == TcpState.CLOSED && connection.tcp().closeCause() == CloseCause.RESET;
        if (reset && connection.wasAccepted) {
            // RFC 7413 5.1: the owner of a forged address resets, and must not make room for the next forged SYN by it.
            resets.add(nowNanos + policy.config().resetPenaltyNanos());
        }
        return true;
    }
}
