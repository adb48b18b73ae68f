package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.testsuite.packetdrill.script.Code;
import io.github.usertcp.testsuite.packetdrill.script.Event;
import io.github.usertcp.testsuite.packetdrill.script.EventTime;
import io.github.usertcp.testsuite.packetdrill.script.Expression;
import io.github.usertcp.testsuite.packetdrill.script.IcmpPacket;
import io.github.usertcp.testsuite.packetdrill.script.Script;
import io.github.usertcp.testsuite.packetdrill.script.ShellCommand;
import io.github.usertcp.testsuite.packetdrill.script.SystemCall;
import io.github.usertcp.testsuite.packetdrill.script.TcpPacket;
import io.github.usertcp.testsuite.virtual.VirtualLoop;
import java.util.function.Supplier;

/** One run of a script: its events in order, each at its time. All times are microseconds since the start. */
final class ScriptRun implements AutoCloseable {
    private static final long MICROS_PER_SECOND = 1_000_000;
    /** How long a call may take over its time before the next one, or the end of the script, gives up on it. */
    private static final long PATIENCE_MICROS = MICROS_PER_SECOND;
    /** For a packet that may come at any time. */
    private static final long ANY_TIME_MICROS = 86_400 * MICROS_PER_SECOND;

    private final Script script;
    private final RunOptions options;
    private final Machine machine;
    private final VirtualLoop loop;
    private final SystemCalls calls;
    private final Snapshots snapshots = new Snapshots();
    private final History history = new History();
    private PendingCall pending;
    private Event previous;
    private long previousMicros;

    ScriptRun(Script script, RunOptions options) {
        this.script = script;
        this.options = options;
        machine = new Machine(options);
        loop = machine.loop();
        calls = new SystemCalls(machine);
        loop.afterwards(this::proceedPending);
    }

    void run() {
        if (script.initial() != null) {
            machine.command(script.initial().text());
        }
        Event current = null;
        try {
            for (Event event : script.events()) {
                current = event;
                perform(event);
            }
            awaitPending();
            checkSurplus();
        } catch (ScriptFailure e) {
            throw new ScriptFailure(located(current, e.getMessage()));
        }
        calls.closeAll();
        snapshots.evaluate();
    }

    /** Ends all connections. What a cleanup command would restore goes with the machine. */
    @Override
    public void close() {
        pending = null;
        machine.close();
    }

    // ---- time

    private void perform(Event event) {
        EventTime time = event.time();
        boolean unanchored = event.isInboundPacket() && previous != null && previous.isInboundPacket();
        long offset = !time.relative() ? 0 : unanchored ? previousMicros : loop.nowMicros();
        long start = time.any() ? loop.nowMicros() : offset + time.micros();
        if (event.action() instanceof TcpPacket packet && !packet.isInbound()) {
            expect(event, packet, start, offset + time.endMicros());
        } else {
            waitUntil(start);
            act(event, start, offset);
        }
        previous = event;
        previousMicros = start;
    }

    private void waitUntil(long micros) {
        long now = loop.nowMicros();
        if (now > micros + options.toleranceAfter(micros - previousMicros)) {
            throw new ScriptFailure("too late: it is " + PacketText.seconds(now)
                + " s, the event was due at " + PacketText.seconds(micros) + " s");
        }
        loop.advanceTo(micros);
    }

    private void act(Event event, long start, long offset) {
        if (event.action() instanceof TcpPacket packet) {
            history.add(loop.nowMicros(), '<', () -> PacketText.of(packet));
            machine.inject(packet);
        } else if (event.action() instanceof SystemCall call) {
            awaitPending();
            perform(event, call, start, offset + call.endMicros());
        } else if (event.action() instanceof ShellCommand command) {
            machine.command(command.text());
        } else if (event.action() instanceof Code code) {
            snapshots.take(code, machine.underTest() == null ? null : machine.underTest().info());
        } else if (event.action() instanceof IcmpPacket packet) {
            history.add(loop.nowMicros(), '<', packet::toString);
            machine.inject(packet);
        }
    }

    // ---- system calls

    private void perform(Event event, SystemCall call, long start, long end) {
        Supplier<Outcome> attempt = calls.prepare(call);
        if (call.isBlocking()) {
            pending = new PendingCall(loop, event, attempt, start, end);
            loop.settle();
            return;
        }
        Outcome outcome = attempt.get();
        if (outcome == null) {
            outcome = calls.wouldBlock(call);
        }
        if (outcome == null) {
            throw new ScriptFailure(call.name() + "() would block");
        }
        verify(call, outcome);
        loop.settle();
    }

    private static void verify(SystemCall call, Outcome outcome) {
        boolean anything = call.result() instanceof Expression.Ellipsis;
        boolean same = anything || Symbols.value(call.result()) == outcome.value();
        if (!same || !call.errno().equals(outcome.errno())) {
            String expected = anything ? "anything" : new Outcome(Symbols.value(call.result()), call.errno()).toString();
            throw new ScriptFailure(call.name() + "() returned " + outcome + ", expected " + expected);
        }
    }

    private boolean proceedPending() {
        if (pending == null || !pending.proceed()) {
            return false;
        }
        PendingCall done = pending;
        pending = null;
        try {
            verify(done.call, done.outcome());
            long tolerance = options.toleranceAfter(done.endMicros - done.startMicros);
            if (Math.abs(done.returnedMicros() - done.endMicros) > tolerance) {
                throw new ScriptFailure(done.call.name() + "() returned at " + PacketText.seconds(done.returnedMicros()) + " s, expected "
                    + PacketText.seconds(done.endMicros) + " s");
            }
        } catch (ScriptFailure e) {
            throw new ScriptFailure("of the call at line " + done.event.position().line() + ": " + e.getMessage());
        }
        return true;
    }

    private void awaitPending() {
        long limit = loop.nowMicros() + PATIENCE_MICROS;
        while (pending != null && loop.stepTowards(limit)) {
            continue;
        }
        if (pending != null) {
            throw new ScriptFailure(pending.call.name() + "() of line " + pending.event.position().line() + " has not returned");
        }
    }

    // ---- packets

    private void expect(Event event, TcpPacket expected, long start, long end) {
        boolean any = event.time().any();
        long patience = any ? ANY_TIME_MICROS
            : (Math.max(start, end) - previousMicros) / MICROS_PER_SECOND * MICROS_PER_SECOND + 2 * MICROS_PER_SECOND;
        long limit = loop.nowMicros() + patience;
        WirePacket actual = nextPacket(limit);
        if (actual == null) {
            throw new ScriptFailure("timed out waiting for a packet\n  expected: " + PacketText.of(expected));
        }
        if (!options.strictSegments) {
            actual = Aggregator.collect(actual, expected.length(), () -> nextPacket(limit));
        }
        long tolerance = options.toleranceAfter(start - previousMicros);
        String mismatch = new PacketMatcher(options, machine.flow(), expected, actual, tolerance).mismatch();
        if (mismatch == null && !any) {
            mismatch = timeMismatch(actual.timeMicros(), start, Math.max(start, end), tolerance);
        }
        if (mismatch != null && !options.packetsNonFatal) {
            throw new ScriptFailure(mismatch + "\n  expected: " + PacketText.of(expected)
                + "\n  actual:   " + PacketText.of(actual, machine.flow()) + " at " + PacketText.seconds(actual.timeMicros()) + " s");
        }
    }

    private static String timeMismatch(long actual, long start, long end, long tolerance) {
        if (actual >= start - tolerance && actual <= end + tolerance) {
            return null;
        }
        String range = start == end ? PacketText.seconds(start) : PacketText.seconds(start) + " to " + PacketText.seconds(end);
        return "too " + (actual < start ? "early" : "late") + ": sent at " + PacketText.seconds(actual) + " s, expected " + range + " s";
    }

    /** The oldest packet nobody has expected yet; time goes on until there is one. */
    private WirePacket nextPacket(long limitMicros) {
        WirePacket packet = machine.pollEmitted();
        while (packet == null && loop.stepTowards(limitMicros)) {
            packet = machine.pollEmitted();
        }
        if (packet == null) {
            packet = machine.pollEmitted();
        }
        if (packet != null) {
            remember(packet, "");
        }
        return packet;
    }

    private void remember(WirePacket packet, String remark) {
        Flow flow = machine.flow();
        history.add(packet.timeMicros(), '>', () -> PacketText.of(packet, flow) + remark);
    }

    private void checkSurplus() {
        WirePacket surplus = options.noSurplus ? machine.pollEmitted() : null;
        if (surplus != null) {
            throw new ScriptFailure("a packet that no line expects\n  actual:   " + PacketText.of(surplus, machine.flow()) + " at "
                + PacketText.seconds(surplus.timeMicros()) + " s");
        }
    }

    private String located(Event event, String message) {
        for (WirePacket packet = machine.pollEmitted(); packet != null; packet = machine.pollEmitted()) {
            remember(packet, "  (not yet expected)");
        }
        return event.position() + ": " + message + "\n  script:   " + script.line(event.position()) + history;
    }
}
