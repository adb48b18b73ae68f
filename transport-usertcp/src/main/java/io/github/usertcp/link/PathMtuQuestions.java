package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/** How large datagrams may be, asked of the kernel when some seem to have been too large. */
final class PathMtuQuestions {
    private static final int MAX_REPORTS = 64;

    private final UdpSocket transport;
    private final IpAddress bound;
    private final EventLoop loop;
    private final LinkReceiver receiver;
    private final QuestionBudget budget;
    /** To be told by the next task of the loop: datagrams fail while the stack has them flushed. */
    private final Set<IpAddress> reports = new LinkedHashSet<>();

    PathMtuQuestions(UdpSocket transport, IpAddress bound, EventLoop loop, LinkReceiver receiver) {
        this.transport = transport;
        this.bound = bound;
        this.loop = loop;
        this.receiver = receiver;
        budget = new QuestionBudget(loop.ticker());
    }

    /** The largest IP packet to that address, {@link Integer#MAX_VALUE} if that is not known. */
    int ask(IpAddress remote) {
        return budget.take() ? transport.pathMtu(remote, bound) : Integer.MAX_VALUE;
    }

    /** A datagram of {@code bytes} UDP payload did not leave, perhaps for its size: returns whether that is so, and the stack told. */
    boolean isTooBig(InetSocketAddress peer, int bytes) {
        IpAddress remote = IpAddress.of(peer.getAddress());
        if (reports.contains(remote)) {
            return true;
        }
        if (bytes + UdpLink.headers(remote) <= ask(remote)) {
            return false;
        }
        if (reports.isEmpty()) {
            loop.execute(this::report);
        }
        if (reports.size() < MAX_REPORTS) {
            reports.add(remote); // without a report, the connection finds out by its timer
        }
        return true;
    }

    private void report() {
        IpAddress[] remotes = reports.toArray(new IpAddress[0]);
        reports.clear();
        for (IpAddress remote : remotes) {
            receiver.onTooBig(remote, loop.ticker().nanoTime());
        }
    }
}
