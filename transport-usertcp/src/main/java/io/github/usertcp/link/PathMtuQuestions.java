package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.link.TrainOutput.TooBig.Answer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.function.ToIntFunction;

/** How large datagrams may be, asked of the kernel when some seem to have been too large. */
final class PathMtuQuestions {
    private static final int MAX_REPORTS = 64;

    private final ToIntFunction<IpAddress> kernel;
    private final EventLoop loop;
    private final ObjLongConsumer<Map<IpAddress, Integer>> stack;
    private final QuestionBudget budget;
    /** To be told by the next task of the loop, all at once: datagrams fail while the stack has them flushed. */
    private final Map<IpAddress, Integer> reports = new HashMap<>();

    /** {@code kernel} answers with {@link Integer#MAX_VALUE} if it does not know; {@code stack} is told the answers and when. */
    PathMtuQuestions(ToIntFunction<IpAddress> kernel, EventLoop loop, ObjLongConsumer<Map<IpAddress, Integer>> stack) {
        this.kernel = kernel;
        this.loop = loop;
        this.stack = stack;
        budget = new QuestionBudget(loop.ticker());
    }

    /** The largest IP packet to that address, {@link Integer#MAX_VALUE} if that is not known. */
    int ask(IpAddress remote) {
        return budget.take() ? kernel.applyAsInt(remote) : Integer.MAX_VALUE;
    }

    /** A datagram of {@code bytes} UDP payload did not leave, perhaps for its size: if that is so, the stack is told. */
    Answer explain(InetSocketAddress peer, int bytes) {
        IpAddress remote = IpAddress.of(peer.getAddress());
        if (reports.containsKey(remote)) {
            return Answer.YES;
        }
        if (!budget.take()) {
            return Answer.NOT_ASKED;
        }
        int mtu = kernel.applyAsInt(remote);
        if (bytes + UdpLink.headers(remote) <= mtu) {
            return Answer.NO;
        }
        if (reports.isEmpty()) {
            loop.execute(this::report);
        }
        if (reports.size() < MAX_REPORTS) {
            reports.put(remote, mtu); // without a report, the connection finds out by its timer
        }
        return Answer.YES;
    }

    private void report() {
        Map<IpAddress, Integer> told = Map.copyOf(reports);
        reports.clear();
        stack.accept(told, loop.ticker().nanoTime());
    }
}
