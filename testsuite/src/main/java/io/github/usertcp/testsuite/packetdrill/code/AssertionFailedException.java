package io.github.usertcp.testsuite.packetdrill.code;

/** An assertion of a code block is false. The message shows it with the values it had. */
public final class AssertionFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AssertionFailedException(String message) {
        super(message);
    }
}
