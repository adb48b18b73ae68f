package io.github.usertcp.testsuite.packetdrill.run;

/**
 * How a script ended.
 *
 * @param message  empty if it passed, the feature that is missing if it was skipped, else what went wrong, in several lines
 */
public record Verdict(Kind kind, String message) {
    public enum Kind {
        PASS, FAIL, SKIP
    }

    static final Verdict PASSED = new Verdict(Kind.PASS, "");

    public static Verdict failed(String message) {
        return new Verdict(Kind.FAIL, message);
    }

    static Verdict skipped(String feature) {
        return new Verdict(Kind.SKIP, feature);
    }

    /** The first line of the message. */
    public String headline() {
        return message.lines().findFirst().orElse("");
    }
}
