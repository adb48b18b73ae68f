package io.github.usertcp.testsuite.hostile;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.buffer.ByteBuf;

/** A connection in each of the eleven states, brought there by the segments of a peer that behaves. No data has been exchanged. */
final class ConnectionStates {
    /** Ours: so close to the wrap that the first window crosses it. */
    static final int ISS = 0xFFFF_FFF0;
    /** The peer's. */
    static final int IRS = 0x7FFF_FFF0;
    static final int PEER_WINDOW = 20_000;

    private static final TcpTuple TUPLE = new TcpTuple(IpAddress.parse("192.0.2.1"), 80, IpAddress.parse("192.0.2.2"), 40_000);
    private static final int LINK_MSS = 1460;
    private static final int MAX_PAYLOAD_BYTES = 65_535;

    private ConnectionStates() {
    }

    static TcpConnection in(TcpState state) {
        TcpConnection tcp = TcpConnection.create(TUPLE, TcpConfig.builder().windowScaling(false).timestamps(false).build(),
            InitialNumbers.fixed(ISS, 0), LINK_MSS);
        switch (state) {
            case CLOSED -> { }
            case LISTEN -> tcp.listen();
            case SYN_SENT -> tcp.connect(0);
            case SYN_RECEIVED -> {
                tcp.listen();
                receive(tcp, segment(TcpFlags.SYN, IRS).mss(LINK_MSS));
            }
            default -> synchronize(tcp, state);
        }
        drain(tcp);
        if (tcp.state() != state) {
            throw new AssertionError(tcp.state() + " (expected: " + state + ")");
        }
        return tcp;
    }

    private static void synchronize(TcpConnection tcp, TcpState state) {
        tcp.connect(0);
        drain(tcp);
        receive(tcp, segment(TcpFlags.SYN, IRS).ack(ISS + 1).mss(LINK_MSS));
        switch (state) {
            case ESTABLISHED -> { }
            case CLOSE_WAIT -> receive(tcp, segment(TcpFlags.FIN, IRS + 1).ack(ISS + 1));
            case LAST_ACK -> {
                receive(tcp, segment(TcpFlags.FIN, IRS + 1).ack(ISS + 1));
                tcp.shutdownOutput(0);
            }
            default -> {
                tcp.shutdownOutput(0);
                drain(tcp);
                leaveFinWait1(tcp, state);
            }
        }
    }

    private static void leaveFinWait1(TcpConnection tcp, TcpState state) {
        switch (state) {
            case FIN_WAIT_2 -> receive(tcp, segment(TcpFlags.ACK, IRS + 1).ack(ISS + 2));
            case CLOSING -> receive(tcp, segment(TcpFlags.FIN, IRS + 1).ack(ISS + 1));
            case TIME_WAIT -> receive(tcp, segment(TcpFlags.FIN, IRS + 1).ack(ISS + 2));
            default -> { }
        }
    }

    /** A segment from the peer, to be completed. */
    static TcpSegment segment(int flags, int seq) {
        return new TcpSegment().source(TUPLE.remoteAddress(), TUPLE.remotePort()).destination(TUPLE.localAddress(), TUPLE.localPort())
            .flags(flags).seq(seq).window(PEER_WINDOW);
    }

    private static void receive(TcpConnection tcp, TcpSegment segment) {
        tcp.onSegment(segment, 0);
        drain(tcp);
    }

    /** Tells its user everything and sends everything, to nobody. */
    private static void drain(TcpConnection tcp) {
        while (tcp.pollEvent() != null) {
            tcp.checkInvariants();
        }
        for (ByteBuf bytes = tcp.read(MAX_PAYLOAD_BYTES, 0); bytes != null; bytes = tcp.read(MAX_PAYLOAD_BYTES, 0)) {
            bytes.release();
        }
        for (TcpSegment sent = tcp.pollSegment(0, MAX_PAYLOAD_BYTES); sent != null; sent = tcp.pollSegment(0, MAX_PAYLOAD_BYTES)) {
            sent.release();
        }
    }
}
