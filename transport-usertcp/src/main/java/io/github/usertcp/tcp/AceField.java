package io.github.usertcp.tcp;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpFlags;

/**
 * The three flags AE, CWR and ECE as one number of three bits, ACE (RFC 9768 section 3.2.2). In a handshake it says what was asked for, or
 * which ECN field the SYN or SYN-ACK arrived with (table 2 and section 3.2.2.1); afterwards it counts marked packets.
 */
final class AceField {
    static final int FLAGS = TcpFlags.AE | TcpFlags.CWR | TcpFlags.ECE;
    static final int MASK = 7;
    /** RFC 9768 section 3.2.1: counters begin at 5, so that a field cleared by somebody on the way is no valid first value. */
    static final int INITIAL_COUNT = 5;

    /** AE, CWR and ECE of a SYN that asks for accurate feedback. */
    static final int ASK_ACCURATE = 7;
    /** CWR and ECE of a SYN that asks for that of RFC 3168. */
    static final int ASK_CLASSIC = 3;
    /** ECE of a SYN-ACK that agrees to it. */
    static final int AGREE_CLASSIC = 1;
    /** Not in use, but taken for an agreement to accurate feedback by section 3.1.3. */
    static final int RESERVED = 5;

    private AceField() {
    }

    static int of(int flags) {
        return (flags & FLAGS) / TcpFlags.ECE;
    }

    static int toFlags(int ace) {
        return (ace & MASK) * TcpFlags.ECE;
    }

    /** Tells the peer how its SYN or SYN-ACK arrived. */
    static int echo(int codepoint) {
        return switch (codepoint) {
            case EcnCodepoint.NOT_ECT -> 2;
            case EcnCodepoint.ECT_1 -> 3;
            case EcnCodepoint.ECT_0 -> 4;
            default -> 6;
        };
    }

    /** How our SYN or SYN-ACK arrived, or -1 if the field is no such echo. */
    static int echoed(int ace) {
        return switch (ace) {
            case 2 -> EcnCodepoint.NOT_ECT;
            case 3 -> EcnCodepoint.ECT_1;
            case 4 -> EcnCodepoint.ECT_0;
            case 6 -> EcnCodepoint.CE;
            default -> -1;
        };
    }

    /**
     * RFC 9768 section 3.2.2.3: whether the network may have turned one ECN field into the other. It may mark what is ECN-capable; all else
     * is mangling.
     */
    static boolean isPossible(int sent, int arrived) {
        return sent == arrived || sent != EcnCodepoint.NOT_ECT && arrived != EcnCodepoint.NOT_ECT && sent != EcnCodepoint.CE;
    }
}
