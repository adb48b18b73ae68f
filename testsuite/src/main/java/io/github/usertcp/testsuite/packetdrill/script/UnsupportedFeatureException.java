package io.github.usertcp.testsuite.packetdrill.script;

/** A script needs something that the runner, or the stack under test, does not have: it is skipped, and neither passes nor fails. */
public final class UnsupportedFeatureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param feature  its name as it stands in scripts, such as {@code TCP_FASTOPEN} */
    public UnsupportedFeatureException(String feature) {
        super(feature);
    }
}
