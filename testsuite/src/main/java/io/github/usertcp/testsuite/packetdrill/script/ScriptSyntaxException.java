package io.github.usertcp.testsuite.packetdrill.script;

/** A script is not packetdrill. The message starts with file, line and column. */
public final class ScriptSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ScriptSyntaxException(Position position, String message) {
        super(position + ": " + message);
    }
}
