package io.github.usertcp.testsuite.benchmark;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.congestion.CongestionControls;
import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.testsuite.simulator.Dumbbell;
import io.github.usertcp.testsuite.simulator.host.EngineHost;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.LossModel;
import io.github.usertcp.testsuite.simulator.network.TailDropQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * What a bulk sender with so many segments outstanding is told by its peer, recorded in the simulator: the segments and their times, to be
 * replayed to other senders as fast as they take it.
 */
final class AckStream {
    private static final int PAYLOAD_BYTES = 1448;
    private static final int PACKET_BYTES = 1500;
    private static final long RTT_NANOS = 100_000_000;

    private final TcpConfig config;
    private final List<TcpSegment> segments = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private EngineHost sender;

    private AckStream(TcpConfig config) {
        this.config = config;
    }

    /**
     * Records a path that holds {@code outstanding} packets.
     *
     * @param outstanding  segments in flight, each a record of its own because the path lets them leave one by one
     * @param sackHeavy    one packet in a hundred is lost and one in ten comes late, so that most ACKs carry SACK blocks
     * @param segments     how many segments of the peer
     */
    static AckStream record(int outstanding, boolean sackHeavy, int segments) {
        long window = (long) outstanding * PAYLOAD_BYTES;
        int buffer = (int) Math.min(1 << 30, 4 * window + (1 << 20));
        TcpConfig config = TcpConfig.builder().sack(true).sendBufferBytes(buffer).receiveBufferBytes(buffer)
            .congestionControl(CongestionControls.fixedWindow(window)).build();
        LinkConditions path = LinkConditions.of(outstanding * (PACKET_BYTES * 8L) * 1_000_000_000L / RTT_NANOS, RTT_NANOS / 2);
        if (sackHeavy) {
            path = path.loss(LossModel.random(0.01)).reordering(0.1, RTT_NANOS / 20);
        }
        Dumbbell dumbbell = new Dumbbell(path, new TailDropQueue(Long.MAX_VALUE), 1);
        AckStream stream = new AckStream(config);
        stream.sender = dumbbell.addFlow(config, 0, 0).client();
        stream.sender.addListener(stream.new Recorder());
        while (stream.segments.size() < segments) {
            dumbbell.time().runUntil(dumbbell.time().nowNanos() + RTT_NANOS);
        }
        dumbbell.release();
        return stream;
    }

    int size() {
        return segments.size();
    }

    /** A sender that has sent its SYN, to whom nothing has been replayed yet. */
    TcpConnection newSender() {
        TcpConnection tcp = TcpConnection.create(sender.tcp().tuple(), config, InitialNumbers.fixed(0xFFFF_FF00, 0), PACKET_BYTES - 40);
        tcp.connect(times.get(0) - RTT_NANOS);
        return tcp;
    }

    TcpSegment segment(int index) {
        return segments.get(index);
    }

    long nanos(int index) {
        return times.get(index);
    }

    private final class Recorder implements SegmentListener {
        @Override
        public void onReceived(TcpSegment segment, long nowNanos) {
            segments.add(new TcpSegment().copyHeader(segment));
            times.add(sender.nowNanos());
        }

        @Override
        public void onSent(TcpSegment segment, long nowNanos) {
            // only what the sender is told is replayed
        }
    }
}
