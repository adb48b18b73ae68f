package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.testsuite.packetdrill.script.Action;
import io.github.usertcp.testsuite.packetdrill.script.Event;
import io.github.usertcp.testsuite.packetdrill.script.Script;
import io.github.usertcp.testsuite.packetdrill.script.TcpOption;
import io.github.usertcp.testsuite.packetdrill.script.TcpPacket;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;

/** What a script's packets need and the stack does not have, found before anything runs, so that it is a skip and no failure half-way. */
final class FeatureCheck {
    private FeatureCheck() {
    }

    /** @throws UnsupportedFeatureException  naming the first one */
    static void check(Script script) {
        for (Event event : script.events()) {
            Action action = event.action();
            if (action instanceof TcpPacket packet && hasSignature(packet)) {
                throw new UnsupportedFeatureException("TCP_MD5SIG");
            }
        }
    }

    private static boolean hasSignature(TcpPacket packet) {
        return packet.options() != null && packet.options().stream().anyMatch(TcpOption.Md5.class::isInstance);
    }
}
