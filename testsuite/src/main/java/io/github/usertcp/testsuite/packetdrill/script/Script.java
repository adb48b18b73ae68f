package io.github.usertcp.testsuite.packetdrill.script;

import java.util.List;

/**
 * A parsed script.
 *
 * @param lines    its text
 * @param initial  command to run before time 0, or {@code null}
 * @param cleanup  command to run at the end, whatever happened, or {@code null}
 */
public record Script(String file, List<String> lines, List<ScriptOption> options, ShellCommand initial, List<Event> events,
                     ShellCommand cleanup) {
    /** The text of the line at a position, trimmed. */
    public String line(Position position) {
        return lines.get(position.line() - 1).strip();
    }
}
