package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.testsuite.packetdrill.script.Expression;
import io.github.usertcp.testsuite.virtual.VirtualLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A {@code poll()}: ready when one of its sockets has something it asks for, or its timeout is over. */
final class Polling implements Supplier<Outcome> {
    private static final long MICROS_PER_MILLI = 1_000;

    private final SystemCalls calls;
    private final VirtualLoop loop;
    private final List<Expression> entries;
    private final long endMicros;

    Polling(SystemCalls calls, VirtualLoop loop, List<Expression> arguments) {
        this.calls = calls;
        this.loop = loop;
        if (!(arguments.get(0) instanceof Expression.ListOf list)) {
            throw new ScriptFailure("expected a list of {fd=..., events=..., revents=...}");
        }
        entries = list.items();
        long timeoutMillis = Symbols.value(arguments.get(2));
        endMicros = timeoutMillis < 0 ? Long.MAX_VALUE : loop.nowMicros() + timeoutMillis * MICROS_PER_MILLI;
        if (timeoutMillis > 0) {
            loop.schedule(() -> { }, timeoutMillis, TimeUnit.MILLISECONDS); // time stops there
        }
    }

    @Override
    public Outcome get() {
        int ready = 0;
        for (Expression entry : entries) {
            ready += events((Expression.Structure) entry) != 0 ? 1 : 0;
        }
        if (ready == 0 && loop.nowMicros() < endMicros) {
            return null;
        }
        for (Expression entry : entries) {
            check((Expression.Structure) entry);
        }
        return Outcome.of(ready);
    }

    private void check(Expression.Structure entry) {
        Expression expected = entry.field("revents");
        if (expected != null && Symbols.value(expected) != events(entry)) {
            throw new ScriptFailure("poll: expected revents 0x" + Long.toHexString(Symbols.value(expected)) + ", was 0x"
                + Integer.toHexString(events(entry)));
        }
    }

    private int events(Expression.Structure entry) {
        Endpoint endpoint = calls.endpoint(Symbols.value(entry.field("fd")));
        int asked = (int) Symbols.value(entry.field("events"));
        return state(endpoint) & (asked | Symbols.POLLERR | Symbols.POLLHUP);
    }

    private static int state(Endpoint endpoint) {
        if (endpoint.isListening()) {
            return endpoint.hasAccepted() ? Symbols.POLLIN | Symbols.POLLRDNORM : 0;
        }
        if (endpoint.isConnecting()) {
            return 0;
        }
        // Linux tcp_poll, which see for the reason of each.
        boolean lost = endpoint.isGone() && !endpoint.isInputEnded(); // the channel tells the error behind what can still be read
        int state = endpoint.hasError() || lost ? Symbols.POLLERR : 0;
        boolean ended = endpoint.isInputEnded();
        if (endpoint.isGone() || ended && endpoint.isOutputShutdown()) {
            state |= Symbols.POLLHUP;
        }
        if (endpoint.isGone() || ended) {
            state |= Symbols.POLLIN | Symbols.POLLRDNORM | Symbols.POLLRDHUP;
        }
        if (endpoint.readableBytes() > 0) {
            state |= Symbols.POLLIN | Symbols.POLLRDNORM;
        }
        if (endpoint.isGone() || endpoint.isOutputShutdown() || endpoint.isWritable()) {
            state |= Symbols.POLLOUT | Symbols.POLLWRNORM;
        }
        return state;
    }
}
