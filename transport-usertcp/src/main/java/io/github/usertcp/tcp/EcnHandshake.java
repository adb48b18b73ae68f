package io.github.usertcp.tcp;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;

/**
 * One connection's part in the negotiation of ECN: the client's half of RFC 3168 section 6.1.1 and RFC 9768 section 3.1, and, from its
 * eight bits, the server's ({@link HandshakeEcn}). It ends with the mode, and with whether what leaves may be ECN-capable.
 */
final class EcnHandshake {
    private EcnMode offered = EcnMode.OFF;
    /** The congestion control needs marks: everything is ECN-capable (RFC 8257 section 3.1). */
    private boolean needed;
    private boolean fallback;
    /** A SYN without any of the flags has left, since those before it seemed lost. */
    private boolean fellBack;
    /** The network was seen to change what it should leave alone. */
    private boolean mangled;
    private int halfOpen;
    private boolean thirdExpected;

    boolean isNeeded() {
        return needed;
    }

    /** RFC 9768 section 3.1.5: whether what leaves may be ECN-capable, with accurate feedback. */
    boolean isCapable() {
        return !fellBack && !mangled && !HandshakeEcn.isPlain(halfOpen);
    }

    /** RFC 9768 section 3.2.2.4: somebody clears the flags, and with them all we should hear. */
    void flagsWereCleared() {
        mangled = true;
    }

    private void begin(TcpConfig config) {
        needed = config.needsEcn();
        fallback = config.ecnFallback();
        mangled = false;
    }

    // ---- client

    /** Sets flags and ECN field of a SYN, which has been sent so many times before. */
    void writeSyn(TcpConfig config, int retransmissions, TcpSegment syn) {
        begin(config);
        offered = needed && config.ecnOffered() == EcnMode.OFF ? EcnMode.CLASSIC : config.ecnOffered();
        if (offered == EcnMode.OFF) {
            return;
        }
        // RFC 3168 6.1.1.1: somebody on the way may drop SYNs with these flags. RFC 9768 3.1.4.1 tries them once more.
        int attempts = offered == EcnMode.ACCURATE ? 2 : 1;
        fellBack = fallback && retransmissions >= attempts;
        if (needed) {
            syn.ecn(EcnCodepoint.ECT_0);
        }
        if (!fellBack) {
            syn.addFlags(AceField.toFlags(offered == EcnMode.ACCURATE ? AceField.ASK_ACCURATE : AceField.ASK_CLASSIC));
        }
    }

    /** What the answer to our SYN has settled: RFC 3168 section 6.1.1, RFC 9768 table 2. */
    EcnMode answered(TcpSegment synAck) {
        int ace = AceField.of(synAck.flags());
        if (offered == EcnMode.OFF || ace == 0) {
            return EcnMode.OFF;
        }
        if (offered == EcnMode.CLASSIC || ace == AceField.AGREE_CLASSIC) {
            // CWR with ECE comes from hosts that echo any flags: they have agreed to nothing.
            return synAck.hasFlags(TcpFlags.ECE) && !synAck.hasFlags(TcpFlags.CWR) ? EcnMode.CLASSIC : EcnMode.OFF;
        }
        return ace == AceField.ASK_ACCURATE ? EcnMode.OFF : EcnMode.ACCURATE;
    }

    /** A SYN arrives in SYN-SENT: both have asked, and what both can do is used. */
    EcnMode simultaneous(TcpSegment syn) {
        int ace = AceField.of(syn.flags());
        EcnMode mode = EcnMode.OFF;
        if (offered == EcnMode.ACCURATE && ace != 0 && ace != AceField.ASK_CLASSIC) {
            mode = EcnMode.ACCURATE;
        } else if (offered != EcnMode.OFF && syn.hasFlags(TcpFlags.ECE | TcpFlags.CWR)) {
            mode = EcnMode.CLASSIC;
        }
        halfOpen = HandshakeEcn.of(mode, syn);
        thirdExpected = true;
        return mode;
    }

    // ---- server

    /** A SYN was answered, here or by somebody else. */
    EcnMode accepted(int bits, TcpConfig config) {
        begin(config);
        halfOpen = bits;
        thirdExpected = true;
        return HandshakeEcn.mode(bits);
    }

    /** Sets flags, ECN field and option of a SYN-ACK that has all its other options. */
    void writeSynAck(TcpConfig config, int retransmissions, TcpSegment synAck) {
        for (int timeouts = Math.min(retransmissions, 2); timeouts > 0; timeouts--) {
            halfOpen = HandshakeEcn.synAckTimedOut(halfOpen);
        }
        HandshakeEcn.write(halfOpen, config, synAck);
    }

    /** The SYN again, before its SYN-ACK has arrived. */
    void synRepeated(TcpSegment syn) {
        halfOpen = HandshakeEcn.synRepeated(halfOpen, syn);
    }

    /** Whether this is the segment that ends the handshake; from now on none is. */
    boolean takeThird() {
        boolean third = thirdExpected;
        thirdExpected = false;
        return third;
    }

    // ---- both

    /** RFC 9768 section 3.2.2.3: whether the network can have made of our SYN or SYN-ACK what the peer says it got. */
    boolean isBelievable(int ace) {
        int arrived = AceField.echoed(ace);
        int sent = needed ? EcnCodepoint.ECT_0 : EcnCodepoint.NOT_ECT;
        boolean possible = !fallback || arrived < 0 || AceField.isPossible(sent, arrived);
        mangled |= !possible;
        return possible;
    }
}
