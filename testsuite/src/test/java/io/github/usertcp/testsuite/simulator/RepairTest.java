package io.github.usertcp.testsuite.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.testsuite.simulator.host.EngineHost;
import io.github.usertcp.testsuite.simulator.host.HostUser;
import io.github.usertcp.testsuite.simulator.host.StreamContent;
import io.github.usertcp.testsuite.simulator.network.LinkConditions;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.TailDropQueue;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Certain losses and delays of a response on a path of 50 ms: how long until it is whole, and what the sender believes after. */
class RepairTest {
    private static final long MILLI = 1_000_000;
    private static final long RTT_NANOS = 50 * MILLI;
    private static final long START_NANOS = 1_000 * MILLI;
    private static final int SEGMENT_BYTES = 1448;
    private static final TcpConfig CONFIG = TcpConfig.builder().sack(true).initialWindowSegments(20).build();
    private static final LinkConditions PATH = LinkConditions.of(0, RTT_NANOS / 2);

    private final VirtualTime time = new VirtualTime();
    private final Reader reader = new Reader();
    private final SplittableRandom random = new SplittableRandom(1);
    private final SimulatedLink there = new SimulatedLink(time, PATH, new TailDropQueue(1 << 20), random.split());
    private final SimulatedLink back = new SimulatedLink(time, PATH, new TailDropQueue(1 << 20), random.split());
    private final HostUser writer = (host, nowNanos) -> takeEvents(host.tcp());
    private final TwoHosts hosts = TwoHosts.of(time, TwoHosts.End.of(CONFIG, writer), TwoHosts.End.of(CONFIG, reader),
        List.of(there), List.of(back), random);

    @AfterEach
    void release() {
        hosts.release();
    }

    @Test @Tag("RFC8985-7")
    void lossOfTheLastSegmentIsRepairedByAProbeAndNotByATimeout() {
        establish();
        write(19 * SEGMENT_BYTES);
        there.conditions(PATH.blackOut(true));
        write(SEGMENT_BYTES);
        there.conditions(PATH);
        time.runUntil(START_NANOS + 10 * RTT_NANOS);

        assertEquals(20 * SEGMENT_BYTES, reader.bytes);
        assertTrue(reader.lastNanos - START_NANOS <= RTT_NANOS * 5 / 2, () -> (reader.lastNanos - START_NANOS) / MILLI + " ms");
    }

    @Test @Tag("RFC5682-2")
    void timeoutByADelaySpikeIsUndoneWithinARoundTripOfTheFirstProof() {
        establish();
        write(20 * SEGMENT_BYTES);
        time.runUntil(START_NANOS + 4 * RTT_NANOS);
        long before = hosts.client().tcp().info(hosts.client().nowNanos()).sndCwnd();

        there.conditions(PATH.rateAndDelay(PATH.bitsPerSecond(), PATH.delayNanos() + 1_000 * MILLI));
        write(20 * SEGMENT_BYTES);
        time.runUntil(START_NANOS + 20 * RTT_NANOS);
        assertTrue(cwnd() < before, () -> "no timeout: " + cwnd());

        // The spike's packets arrive a second late; their ACKs are the proof.
        long proofNanos = START_NANOS + 4 * RTT_NANOS + 1_000 * MILLI + RTT_NANOS;
        time.runUntil(proofNanos + RTT_NANOS + 20 * MILLI);
        assertTrue(cwnd() >= before, () -> cwnd() + " after the proof, " + before + " before the spike");
        assertEquals(40 * SEGMENT_BYTES, reader.bytes);
    }

    private void establish() {
        hosts.connect();
        time.runUntil(START_NANOS);
        assertEquals(START_NANOS, time.nowNanos());
    }

    private long cwnd() {
        return hosts.client().tcp().info(hosts.client().nowNanos()).sndCwnd();
    }

    private void write(int bytes) {
        ByteBuf data = new StreamContent(1).copy(0, bytes);
        hosts.client().tcp().write(data, hosts.client().nowNanos());
        data.release();
        hosts.client().drain();
    }

    private static void takeEvents(TcpConnection tcp) {
        while (tcp.hasEvent()) {
            tcp.pollEvent();
        }
    }

    private final class Reader implements HostUser {
        private int bytes;
        private long lastNanos;

        @Override
        public void act(EngineHost host, long nowNanos) {
            takeEvents(host.tcp());
            for (ByteBuf data = host.tcp().read(1 << 20, nowNanos); data != null; data = host.tcp().read(1 << 20, nowNanos)) {
                bytes += data.readableBytes();
                lastNanos = time.nowNanos();
                data.release();
            }
        }
    }
}
