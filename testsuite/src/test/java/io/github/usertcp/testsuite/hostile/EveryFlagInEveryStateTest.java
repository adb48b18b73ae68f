package io.github.usertcp.testsuite.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One segment with every combination of the nine flags, at numbers in the window, at its edges and outside of it, with and without text, to a
 * connection in every state. What must hold whatever it was: no exception, invariants, at most one short answer, no reset in answer to a reset, and
 * nothing believed that RFC 9293 and RFC 5961 tell not to believe.
 */
class EveryFlagInEveryStateTest {
    private static final long NOW = 1_000_000;
    private static final int TEXT_BYTES = 10;
    private static final int FAR = 1 << 30;
    /** Relative to the next number expected, when the peer has sent its SYN and perhaps a FIN: before, at, behind, far away. */
    private static final int[] SEQ_OFFSETS = {-2, -1, 0, 1, 1000, FAR, Integer.MIN_VALUE};
    /** Relative to our ISS. 1 acknowledges the SYN, 2 a FIN; the others are too old or not sent yet. */
    private static final int[] ACK_OFFSETS = {-FAR, 0, 1, 2, 3, FAR, Integer.MIN_VALUE};

    @ParameterizedTest
    @EnumSource(TcpState.class)
    @Tag("RFC9293-3.10.7")
    void isDroppedOrAnsweredAsTheRfcSays(TcpState state) {
        for (int flags = 0; flags <= TcpFlags.ALL; flags++) {
            for (int seqOffset : SEQ_OFFSETS) {
                for (int ackOffset : ACK_OFFSETS) {
                    for (int length = 0; length <= TEXT_BYTES; length += TEXT_BYTES) {
                        arrive(new Case(state, flags, seqOffset, ackOffset, length));
                    }
                }
            }
        }
    }

    private static void arrive(Case c) {
        TcpConnection tcp = ConnectionStates.in(c.state);
        try {
            tcp.onSegment(c.segment(), NOW);
            tcp.checkInvariants();
            assertAnswer(tcp, c);
            if (c.state.isSynchronized()) {
                assertNotFooled(tcp, c);
            }
            tcp.onTimeout(NOW);
            tcp.checkInvariants();
        } catch (RuntimeException e) {
            throw new AssertionError(c.toString(), e);
        } finally {
            tcp.release();
            assertEquals(0, tcp.memoryBytes(), c::toString);
        }
    }

    private static void assertAnswer(TcpConnection tcp, Case c) {
        TcpSegment answer = tcp.pollSegment(NOW, 65_535);
        tcp.checkInvariants();
        if (answer != null) {
            assertEquals(0, answer.payloadLength(), c::toString);
            assertFalse(answer.isRst() && c.has(TcpFlags.RST), () -> c + " is a reset answered by a reset");
            answer.release();
            TcpSegment second = tcp.pollSegment(NOW, 65_535);
            assertEquals(null, second, () -> c + " is answered twice");
        }
    }

    /** RFC 9293 section 3.10.7.4 with RFC 5961: what an attacker who does not know the numbers must not achieve. */
    private static void assertNotFooled(TcpConnection tcp, Case c) {
        boolean exactReset = c.has(TcpFlags.RST) && (c.seqOffset == 0 || c.seqOffset == -1 && c.peerHasSentFin());
        if (exactReset) {
            assertEquals(c.state == TcpState.TIME_WAIT ? c.state : TcpState.CLOSED, tcp.state(), c::toString);
        } else if (c.has(TcpFlags.RST) || c.has(TcpFlags.SYN) || !c.has(TcpFlags.ACK) || c.isOutsideWindow() || c.acknowledgesUnsent()) {
            assertEquals(c.state, tcp.state(), c::toString);
            assertEquals(0, tcp.readableBytes(), c::toString);
        } else if (c.seqOffset > 0) {
            assertEquals(0, tcp.readableBytes(), () -> c + " leaves a gap");
        }
        assertTrue(tcp.readableBytes() <= Math.max(0, c.length + Math.min(c.seqOffset, 0)), () -> c + " is delivered beyond its end");
    }

    private record Case(TcpState state, int flags, int seqOffset, int ackOffset, int length) {
        TcpSegment segment() {
            TcpSegment segment = ConnectionStates.segment(flags, ConnectionStates.IRS + (peerHasSentFin() ? 2 : 1) + seqOffset)
                .ackField(ConnectionStates.ISS + ackOffset).urgentPointer(0xFFFF);
            return length == 0 ? segment : segment.payload(Unpooled.buffer(length).writeZero(length));
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        boolean peerHasSentFin() {
            return switch (state) {
                case CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> true;
                default -> false;
            };
        }

        boolean isOutsideWindow() {
            int end = seqOffset + length + (flags & TcpFlags.FIN);
            return seqOffset == FAR || seqOffset == Integer.MIN_VALUE || seqOffset < 0 && end <= 0;
        }

        boolean acknowledgesUnsent() {
            boolean finSent = switch (state) {
                case ESTABLISHED, CLOSE_WAIT -> false;
                default -> true;
            };
            return ackOffset == FAR || ackOffset == (finSent ? 3 : 2) || ackOffset == 3;
        }

        @Override
        public String toString() {
            return TcpFlags.toString(flags) + " seq RCV.NXT" + (seqOffset < 0 ? "" : "+") + seqOffset + " ack ISS" + (ackOffset < 0 ? "" : "+")
                + ackOffset + " with " + length + " bytes in " + state;
        }
    }
}
