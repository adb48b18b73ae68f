package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** ICMP errors that are about no connection, and errors in such numbers that somebody forges them: counted, and nothing else. */
@Tag("RFC5927-4")
class IcmpTest {
    private static final IpAddress SERVER = IpAddress.parse(TwoStacks.SERVER);
    private static final IpAddress CLIENT = IpAddress.parse(TwoStacks.CLIENT);

    private final TwoStacks stacks = new TwoStacks().echoing();

    @AfterEach
    void close() {
        stacks.close();
    }

    private void deliver(IcmpError error) {
        stacks.serverLink().icmp(error);
        stacks.network.run();
    }

    @Test
    void anErrorAboutNoConnectionIsCountedAndForgotten() {
        deliver(new IcmpError(IcmpErrorKind.HOST_UNREACHABLE, SERVER, TwoStacks.PORT, CLIENT, 1, TwoStacks.ISS, 0));
        assertEquals(1, stacks.count(StackCounter.ICMP_ERRORS));
        assertEquals(1, stacks.count(StackCounter.ICMP_ERRORS_IGNORED));
    }

    /** Connections over UDP have another key than those over plain IP, so that an error about the one never reaches the other. */
    @Test
    void anErrorAboutPlainIpDoesNotReachAConnectionOverUdp() {
        Application user = stacks.connect();
        int port = user.connection.tcp().tuple().localPort();
        for (IcmpErrorKind kind : IcmpErrorKind.values()) {
            for (int seq = -2; seq <= 2; seq++) {
                deliver(new IcmpError(kind, SERVER, TwoStacks.PORT, CLIENT, port, TwoStacks.ISS + seq, 68));
            }
        }
        assertEquals(stacks.count(StackCounter.ICMP_ERRORS), stacks.count(StackCounter.ICMP_ERRORS_IGNORED));
        assertEquals(0, stacks.count(StackCounter.PATH_MTU_REDUCTIONS));
        user.send("still here");
        stacks.network.run();
        assertEquals("still here", user.text.toString());
    }
}
