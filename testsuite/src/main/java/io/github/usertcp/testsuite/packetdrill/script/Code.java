package io.github.usertcp.testsuite.packetdrill.script;

/** A block of assertions, evaluated over a snapshot of {@code tcp_info} taken at its time. */
public record Code(Position position, String text) implements Action {
}
