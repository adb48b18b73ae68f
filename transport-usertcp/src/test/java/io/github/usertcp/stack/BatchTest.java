package io.github.usertcp.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.congestion.CongestionControl;
import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.congestion.CongestionControls;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpEvent;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns, flushes, pushing back, and defects that stay where they are. */
class BatchTest {
    private TwoStacks stacks = new TwoStacks().echoing();

    @AfterEach
    void close() {
        stacks.close();
    }

    @Test
    void aBatchOfManyConnectionsEndsWithOneFlush() {
        List<Application> users = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            users.add(stacks.connect());
        }
        stacks.advance(Duration.ofSeconds(1));
        int before = stacks.serverLink().flushes();
        stacks.clientLink().block(1000);
        users.forEach(user -> user.send("ping"));
        stacks.clientLink().unblock();
        stacks.network.run();
        assertTrue(users.stream().allMatch(user -> user.text.toString().equals("ping")));
        assertTrue(stacks.serverLink().flushes() - before <= 2, "flushes " + (stacks.serverLink().flushes() - before));
    }

    @Test
    void aSmallNotSentLimitDoesNotHoldTheWriterUpToTheNextAck() {
        stacks.network.delay(Duration.ofMillis(10));
        Application user = stacks.connect(0, TcpConfig.builder().noDelay(true).notSentLowWaterBytes(1000).build());
        stacks.advance(Duration.ofSeconds(1));
        user.send(Unpooled.buffer(10_000).writeZero(10_000)); // less than the initial window
        stacks.advance(Duration.ofMillis(15));
        assertEquals(10_000, stacks.accepted.get(0).bytesRead);
    }

    @Test
    void aFullLinkPushesBackAndLosesNothing() {
        stacks.network.delay(Duration.ofMillis(1));
        Application user = stacks.connect();
        stacks.advance(Duration.ofSeconds(1));
        stacks.clientLink().block(4);
        user.send(Unpooled.buffer(500_000).writeZero(500_000));
        stacks.advance(Duration.ofMillis(100));
        assertTrue(stacks.clientLink().queued() < 4 + 44, "queued " + stacks.clientLink().queued());
        stacks.clientLink().unblock();
        stacks.advance(Duration.ofSeconds(5));
        assertEquals(500_000, user.bytesRead);
        assertEquals(0, user.connection.tcp().info(stacks.client.nowNanos()).totalRetrans());
    }

    @Test
    void connectionsTakeTurns() {
        Application greedy = stacks.connect();
        Application modest = stacks.connect();
        stacks.advance(Duration.ofSeconds(1));
        stacks.clientLink().block(0);
        greedy.send(Unpooled.buffer(1_000_000).writeZero(1_000_000));
        modest.send("me too");
        assertEquals(0, stacks.clientLink().queued());
        stacks.clientLink().block(11);
        stacks.network.log().clear();
        arrivals(stacks.client).onWritable();
        stacks.clientLink().unblock();
        stacks.network.run();
        int first = indexOfPayload(stacks.network.log(), "(6)");
        assertTrue(first <= 44, "the modest one waited for " + first + " segments");
        assertEquals("me too", modest.text.toString());
    }

    private static Arrivals arrivals(TcpStack stack) {
        Arrivals arrivals = new Arrivals();
        arrivals.deliverTo(stack);
        return arrivals;
    }

    private static int indexOfPayload(List<String> log, String length) {
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).contains(length)) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void aDefectInOneConnectionEndsThatOneOnly() {
        Application fine = stacks.connect();
        TcpConfig faulty = TcpConfig.builder().congestionControl(new FaultyOnce()).build();
        Application broken = stacks.connect(0, faulty);
        assertTrue(broken.events.contains(TcpEvent.CLOSED));
        assertEquals(CloseCause.INTERNAL_ERROR, broken.connection.tcp().closeCause());
        assertEquals(1, stacks.client.stats().get(StackCounter.INTERNAL_ERRORS));
        fine.send("unharmed");
        stacks.network.run();
        assertEquals("unharmed", fine.text.toString());
        assertEquals(1, stacks.client.connectionCount());
    }

    @Test
    void aDefectOfTheServerSideLeavesOthersAlone() {
        stacks.close();
        TcpConfig faulty = TcpConfig.builder().congestionControl(new FaultyOnce()).build();
        stacks = new TwoStacks().listening(8, faulty, true);
        stacks.connect();
        Application second = stacks.connect();
        second.send("unharmed");
        stacks.network.run();
        assertEquals("unharmed", second.text.toString());
        assertEquals(1, stacks.count(StackCounter.INTERNAL_ERRORS));
    }

    @Test
    void anOwnerThatThrowsLosesItsConnection() throws Exception {
        Application fine = stacks.connect();
        StackConnection broken = stacks.client.connect(IpAddress.ANY_V4, 0,
            IpAddress.parse(TwoStacks.SERVER), TwoStacks.PORT, TwoStacks.PORT, TcpConfig.defaults(), progressed -> {
                throw new IllegalStateException("a defect made for this test");
            });
        broken.touch();
        stacks.network.run();
        assertEquals(CloseCause.INTERNAL_ERROR, broken.tcp().closeCause());
        fine.send("unharmed");
        stacks.network.run();
        assertEquals("unharmed", fine.text.toString());
    }

    @Test
    void anOwnerMayTouchAndConnectFromWithin() {
        Application first = stacks.connect();
        List<Application> more = new ArrayList<>();
        first.connection.owner(progressed -> {
            if (more.size() < 3) {
                progressed.touch();
                more.add(stacks.connect());
            }
        });
        stacks.network.run();
        first.connection.owner(first);
        assertTrue(!more.isEmpty() && more.stream().allMatch(user -> user.events.contains(TcpEvent.CONNECTED)));
    }

    /** Fails for the first connection and serves the others. */
    private static final class FaultyOnce implements CongestionControlFactory {
        private boolean failed;

        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public CongestionControl create() {
            if (!failed) {
                failed = true;
                throw new IllegalStateException("a defect made for this test");
            }
            return CongestionControls.newReno().create();
        }
    }
}
