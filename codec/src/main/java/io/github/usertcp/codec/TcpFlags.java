package io.github.usertcp.codec;

/**
 * The nine control bits of a TCP header as an int mask: the eight of RFC 9293 section 3.1 in their wire positions, and AE
 * (accurate ECN, RFC 9768) as the ninth, which the wire keeps in the lowest of the reserved bits.
 *
 * <p>Text is packetdrill's: {@code S F R P U E W A} for SYN FIN RST PSH URG ECE CWR AE, and {@code .} for ACK; {@code -} for none.
 */
public final class TcpFlags {
    public static final int FIN = 0x001;
    public static final int SYN = 0x002;
    public static final int RST = 0x004;
    public static final int PSH = 0x008;
    public static final int ACK = 0x010;
    public static final int URG = 0x020;
    public static final int ECE = 0x040;
    public static final int CWR = 0x080;
    public static final int AE = 0x100;

    /** Every bit that has a meaning. */
    public static final int ALL = 0x1FF;

    private static final String LETTERS = "FSRP.UEWA";
    /** packetdrill's customary writing order: {@code SFRP}, then the rest, the dot for ACK last but for ECN ("SEW", "S.", "P.", "FP."). */
    private static final int[] TEXT_ORDER = {SYN, FIN, RST, PSH, URG, ECE, CWR, AE, ACK};

    private TcpFlags() {
    }

    /** Packetdrill text of a mask, never empty: {@code "-"} stands for no bit at all. */
    public static String toString(int flags) {
        if ((flags & ALL) == 0) {
            return "-";
        }
        StringBuilder text = new StringBuilder(4);
        for (int bit : TEXT_ORDER) {
            if ((flags & bit) != 0) {
                text.append(LETTERS.charAt(Integer.numberOfTrailingZeros(bit)));
            }
        }
        return text.toString();
    }

    /**
     * Reads packetdrill text, letters in any order. A digit from 0 to 7 at the end sets the three ECN bits at once, as the
     * counter they form (RFC 9768 section 3.1): AE is its 4, CWR its 2, ECE its 1.
     *
     * @throws IllegalArgumentException if the text is empty, or has a letter that is no flag
     */
    public static int parse(String text) {
        if (text.equals("-")) {
            return 0;
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no TCP flags (write \"-\" for none)");
        }
        int flags = 0;
        int letters = text.length();
        int counter = text.charAt(letters - 1) - '0';
        if (counter >= 0 && counter <= 7) {
            flags |= counter * ECE;
            letters--;
        }
        for (int i = 0; i < letters; i++) {
            int bit = LETTERS.indexOf(text.charAt(i));
            if (bit < 0) {
                throw new IllegalArgumentException("'" + text.charAt(i) + "' in \"" + text + "\" is no TCP flag (one of " + LETTERS + ")");
            }
            flags |= 1 << bit;
        }
        return flags;
    }
}
