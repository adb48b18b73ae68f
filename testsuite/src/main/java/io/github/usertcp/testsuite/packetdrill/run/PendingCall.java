package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.testsuite.packetdrill.script.Event;
import io.github.usertcp.testsuite.packetdrill.script.SystemCall;
import io.github.usertcp.testsuite.virtual.VirtualLoop;
import java.util.function.Supplier;

/** A blocking system call under way, tried again whenever the machine has done something. */
final class PendingCall {
    final Event event;
    final SystemCall call;
    final long startMicros;
    final long endMicros;
    private final VirtualLoop loop;
    private final Supplier<Outcome> attempt;
    private Outcome outcome;
    private long returnedMicros;

    /** @param endMicros  when it has to return */
    PendingCall(VirtualLoop loop, Event event, Supplier<Outcome> attempt, long startMicros, long endMicros) {
        this.loop = loop;
        this.event = event;
        this.attempt = attempt;
        this.startMicros = startMicros;
        this.endMicros = endMicros;
        call = (SystemCall) event.action();
    }

    /** @return true if it returned just now */
    boolean proceed() {
        if (outcome == null) {
            outcome = attempt.get();
            returnedMicros = loop.nowMicros();
            return outcome != null;
        }
        return false;
    }

    /** {@code null} while it waits. */
    Outcome outcome() {
        return outcome;
    }

    long returnedMicros() {
        return returnedMicros;
    }
}
