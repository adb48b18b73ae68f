package io.github.usertcp.testsuite.packetdrill.run;

/** The stack did not do what the script says, or the script asks for what makes no sense at that moment. */
final class ScriptFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScriptFailure(String message) {
        super(message);
    }
}
