package io.github.usertcp.testsuite.packetdrill.script;

import java.util.List;

/**
 * A system call with the result it must have.
 *
 * @param endMicros  when a blocking call returns, on the same clock as the event's own time; -1 for a call that returns at once
 * @param errno      name of the error, empty for none
 */
public record SystemCall(Position position, long endMicros, String name, List<Expression> arguments, Expression result, String errno)
    implements Action {
    public boolean isBlocking() {
        return endMicros >= 0;
    }
}
