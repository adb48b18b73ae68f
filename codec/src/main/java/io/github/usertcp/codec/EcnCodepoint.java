package io.github.usertcp.codec;

/**
 * The two bits of the ECN field in an IP header (RFC 3168 section 5): the low ones of IPv4's type of service and of IPv6's traffic class.
 * Text is packetdrill's: {@code noecn ect1 ect0 ce}.
 */
public final class EcnCodepoint {
    /** The sender does not take part: congestion drops the packet. */
    public static final int NOT_ECT = 0;
    /** ECN-capable transport, as experiments with other responses send it (RFC 8311 section 2). */
    public static final int ECT_1 = 1;
    /** ECN-capable transport. */
    public static final int ECT_0 = 2;
    /** Congestion experienced: a router has marked the packet instead of dropping it. */
    public static final int CE = 3;

    static final int MASK = 3;

    private static final String[] NAMES = {"noecn", "ect1", "ect0", "ce"};

    private EcnCodepoint() {
    }

    /** Packetdrill's word for a codepoint, of which the low two bits count. */
    public static String toString(int codepoint) {
        return NAMES[codepoint & MASK];
    }

    /**
     * Reads such a word.
     *
     * @return the codepoint, or -1 if the word is none
     */
    static int parse(String word) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(word)) {
                return i;
            }
        }
        return -1;
    }
}
