package io.github.usertcp.testsuite.packetdrill.script;

/** A command in backquotes. */
public record ShellCommand(Position position, String text) implements Action {
}
