package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.testsuite.packetdrill.script.Action;
import io.github.usertcp.testsuite.packetdrill.script.Event;
import io.github.usertcp.testsuite.packetdrill.script.IcmpPacket;
import io.github.usertcp.testsuite.packetdrill.script.Script;
import io.github.usertcp.testsuite.packetdrill.script.TcpOption;
import io.github.usertcp.testsuite.packetdrill.script.TcpPacket;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;

/** What a script's packets need and the stack does not have, found before anything runs, so that it is a skip and no failure half-way. */
final class FeatureCheck {
    private static final int ECN_FLAGS = TcpFlags.ECE | TcpFlags.CWR | TcpFlags.AE;

    private FeatureCheck() {
    }

    /** @throws UnsupportedFeatureException  naming the first one */
    static void check(Script script) {
        for (Event event : script.events()) {
            Action action = event.action();
            if (action instanceof IcmpPacket) {
                throw new UnsupportedFeatureException("ICMP");
            } else if (action instanceof TcpPacket packet) {
                check(packet);
            }
        }
    }

    private static void check(TcpPacket packet) {
        if (!packet.isInbound() && ((packet.flags() & ECN_FLAGS) != 0 || packet.ip().ecn() > 0)) {
            throw new UnsupportedFeatureException("ECN");
        }
        if (packet.options() == null) {
            return;
        }
        for (TcpOption option : packet.options()) {
            if (option instanceof TcpOption.Sack) {
                throw new UnsupportedFeatureException("SACK");
            } else if (option instanceof TcpOption.FastOpen) {
                throw new UnsupportedFeatureException("TCP_FASTOPEN");
            } else if (option instanceof TcpOption.Md5) {
                throw new UnsupportedFeatureException("TCP_MD5SIG");
            } else if (option instanceof TcpOption.AccurateEcn) {
                throw new UnsupportedFeatureException("accurate ECN");
            }
        }
    }
}
