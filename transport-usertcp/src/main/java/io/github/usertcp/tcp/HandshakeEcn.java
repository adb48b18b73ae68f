package io.github.usertcp.tcp;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpHeaderWriter;
import io.github.usertcp.codec.TcpSegment;

/**
 * The server's half of the negotiation (RFC 3168 section 6.1.1, RFC 9768 section 3.1), between SYN and third segment. Its state is eight
 * bits, so that a compact SYN queue entry can keep it; every method is a function of them.
 *
 * <pre>
 *   bits 0, 1   mode, an {@link EcnMode} by its ordinal
 *   bits 2, 3   ECN field of the latest SYN
 *   bit 4       a SYN came, or a SYN-ACK went, without any of the three flags: nothing of ours may be marked ECN-capable
 *   bit 5       the SYN-ACK has been sent before: this time without option
 *   bit 6       and that was in vain: this time without flags
 *   bit 7       the congestion control needs ECN: SYN-ACKs are ECN-capable
 * </pre>
 */
public final class HandshakeEcn {
    private static final int MODE = 0x03;
    private static final int SYN_FIELD_SHIFT = 2;
    private static final int SYN_FIELD = EcnCodepoint.CE << SYN_FIELD_SHIFT;
    private static final int PLAIN = 0x10;
    private static final int REPEATED = 0x20;
    private static final int UNFLAGGED = 0x40;
    private static final int MARKED_SYN_ACK = 0x80;

    private static final EcnMode[] MODES = EcnMode.values();

    private HandshakeEcn() {
    }

    /** What a first SYN asks for, as far as the settings allow. */
    static int answer(TcpSegment syn, TcpConfig config) {
        int ace = AceField.of(syn.flags());
        boolean needed = config.needsEcn();
        // RFC 9768 3.1.2: every combination but none and RFC 3168's own asks for accurate feedback, also those of the future.
        boolean asksAccurate = ace != 0 && ace != AceField.ASK_CLASSIC;
        if (asksAccurate && config.ecnAccepted() == EcnMode.ACCURATE) {
            return withSynField(EcnMode.ACCURATE.ordinal() | (needed ? MARKED_SYN_ACK : 0), syn);
        }
        if (!syn.hasFlags(TcpFlags.ECE | TcpFlags.CWR)) {
            return 0;
        }
        // RFC 3168 6.1.1 forbids ECN-capable SYNs: one with the two flags alone was mangled, or comes from a DCTCP host whose
        // understanding of ECE differs from ours. Linux takes it from those only where its own congestion control is of that kind.
        boolean proper = syn.ecn() == EcnCodepoint.NOT_ECT || syn.hasFlags(TcpFlags.AE);
        if (needed) {
            return EcnMode.CLASSIC.ordinal() | MARKED_SYN_ACK;
        }
        return proper && config.ecnAccepted() != EcnMode.OFF ? EcnMode.CLASSIC.ordinal() : 0;
    }

    static int of(EcnMode mode, TcpSegment syn) {
        return withSynField(mode.ordinal(), syn);
    }

    /**
     * For a handshake of which a SYN cookie remembers only that ECN was agreed on. Which kind the third segment shows, as in Linux: there
     * accurate feedback repeats the SYN-ACK's ECN field (RFC 9768 section 3.2.2.1), which is never 0 or 1, and RFC 3168 has no flags.
     */
    static int restored(TcpSegment third, TcpConfig config) {
        boolean accurate = AceField.of(third.flags()) > 1 && config.ecnAccepted() == EcnMode.ACCURATE;
        return (accurate ? EcnMode.ACCURATE : EcnMode.CLASSIC).ordinal();
    }

    /** RFC 9768 section 3.1.5: the ECN field of the latest SYN is fed back; and a client that has fallen back is not to be marked at. */
    public static int synRepeated(int bits, TcpSegment syn) {
        if (mode(bits) != EcnMode.ACCURATE) {
            return bits;
        }
        boolean plain = (syn.flags() & AceField.FLAGS) == 0;
        return withSynField(bits | REPEATED | (plain ? PLAIN : 0), syn);
    }

    /**
     * The SYN-ACK found no answer and is sent again. RFC 9768 section 3.2.3.2.2: maybe somebody on the way drops what has the option, then
     * maybe what has the flags.
     */
    public static int synAckTimedOut(int bits) {
        if (mode(bits) != EcnMode.ACCURATE) {
            return bits;
        }
        return (bits & REPEATED) == 0 ? bits | REPEATED : bits | UNFLAGGED | PLAIN;
    }

    /** Sets ECN field, flags and option of a SYN-ACK that has all its other options. */
    static void write(int bits, TcpConfig config, TcpSegment synAck) {
        if ((bits & MARKED_SYN_ACK) != 0) {
            synAck.ecn(EcnCodepoint.ECT_0); // RFC 8257 section 3.1
        }
        if (mode(bits) == EcnMode.CLASSIC) {
            synAck.addFlags(TcpFlags.ECE);
        } else if (mode(bits) == EcnMode.ACCURATE && (bits & UNFLAGGED) == 0) {
            synAck.addFlags(AceField.toFlags(AceField.echo(synField(bits))));
        }
        boolean hasOption = mode(bits) == EcnMode.ACCURATE && (bits & REPEATED) == 0;
        if (hasOption && config.ecnOptionUse() != EcnOptionUse.NEVER) {
            AccurateEcnReceiver.writeInitialCounters(synAck);
            TcpHeaderWriter.fitEcnOption(synAck, 0);
        }
    }

    static EcnMode mode(int bits) {
        return MODES[bits & MODE];
    }

    static int synField(int bits) {
        return (bits & SYN_FIELD) >> SYN_FIELD_SHIFT;
    }

    /** Whether nothing we send may be ECN-capable (RFC 9768 section 3.1.5). */
    static boolean isPlain(int bits) {
        return (bits & PLAIN) != 0;
    }

    private static int withSynField(int bits, TcpSegment syn) {
        return bits & ~SYN_FIELD | syn.ecn() << SYN_FIELD_SHIFT;
    }
}
