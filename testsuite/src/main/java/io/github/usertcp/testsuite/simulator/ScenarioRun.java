package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.FastOpenSyn;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.testsuite.simulator.host.EngineHost;
import io.github.usertcp.testsuite.simulator.host.StreamUser;
import io.github.usertcp.testsuite.simulator.network.IcmpSource;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Lets a {@link Scenario} happen and judges it. What must hold: every byte read is the right one (the users see to that), all of them
 * arrive or an error is reported, invariants hold after every step (the hosts see to that), both ends come to CLOSED, memory charged
 * returns to zero and every buffer is given back, and no more packets are sent than the transfer is worth.
 */
final class ScenarioRun implements SimulatedRun {
    /** Handshake, farewell, probes of closed windows and keepalives, whatever the length. */
    private static final long PACKETS_FOR_NOTHING = 2_000;
    /** Losses, duplicates, ACKs and silly windows, for each packet that a perfect network would see. */
    private static final long PACKETS_FOR_ONE = 12;
    /** What is left of a packet of 552 bytes, the smallest that a report makes (RFC 1191), with all the options there may be. */
    private static final int SMALLEST_PATH_SEGMENT = 552 - 20 - 60;

    private final Scenario scenario;
    private final VirtualTime time = new VirtualTime();
    private final StreamUser clientUser;
    private final StreamUser serverUser;
    private final ScenarioPath path;
    private final TwoHosts hosts;

    ScenarioRun(Scenario scenario) {
        this.scenario = scenario;
        SplittableRandom random = new SplittableRandom(~scenario.seed());
        clientUser = new StreamUser(scenario.client().plan(), 1, 2, random.split());
        serverUser = new StreamUser(scenario.server().plan(), 2, 1, random.split());
        path = new ScenarioPath(time, scenario, random);
        TwoHosts.End client = end(scenario.client(), clientUser);
        hosts = TwoHosts.of(time, client, end(scenario.server(), serverUser), List.of(path.there()), List.of(path.back()), random);
    }

    private static TwoHosts.End end(Scenario.Party party, StreamUser user) {
        return new TwoHosts.End(party.config(), party.numbers(), party.linkMss(), party.conditions(), user);
    }

    TwoHosts hosts() {
        return hosts;
    }

    @Override
    public void addListeners(SegmentListener client, SegmentListener server) {
        hosts.client().addListener(client);
        hosts.server().addListener(server);
    }

    @Override
    public void addErrorListeners(IcmpSource.Listener ofClient, IcmpSource.Listener ofServer) {
        path.errorListeners(ofClient, ofServer);
    }

    @Override
    public SimulatedLink there() {
        return path.there();
    }

    @Override
    public SimulatedLink back() {
        return path.back();
    }

    @Override
    public long deliveredBytes() {
        return clientUser.received() + serverUser.received();
    }

    @Override
    public long packets() {
        return hosts.client().packetsSent() + hosts.server().packetsSent();
    }

    @Override
    public long nowNanos() {
        return time.nowNanos();
    }

    @Override
    public void run() {
        path.begin(hosts.client(), hosts.server());
        open();
        int events = 0;
        while (time.step(MAX_NANOS)) {
            require(++events < MAX_EVENTS, "not over after " + MAX_EVENTS + " events");
        }
        judge();
    }

    @Override
    public void close() {
        hosts.release();
    }

    private void open() {
        FastOpenSyn fastOpen = scenario.fastOpen().offer(scenario.client().config(), scenario.client().linkMss());
        if (scenario.simultaneous()) {
            hosts.connectBoth(fastOpen);
        } else {
            hosts.server().fastOpen(scenario.fastOpen().listener(scenario.server()));
            hosts.connect(fastOpen);
        }
    }

    private void judge() {
        require(hosts.isOver(), "not over after " + time.nowNanos() / 1_000_000_000 + " s");
        boolean breaksOff = scenario.breaksOff() || isRefused(hosts.client(), clientUser) || isRefused(hosts.server(), serverUser);
        judge(hosts.client(), clientUser, breaksOff);
        judge(hosts.server(), serverUser, breaksOff);
        if (!breaksOff) {
            judgeDelivery(hosts.client(), clientUser, serverUser);
            judgeDelivery(hosts.server(), serverUser, clientUser);
        }
        require(packets() <= maxPackets(), packets() + " packets for a transfer worth " + maxPackets());
    }

    /** The network said that there is no way before there was a connection (RFC 5927 section 5.2). */
    private boolean isRefused(EngineHost host, StreamUser user) {
        boolean unreachable = switch (host.tcp().closeCause()) {
            case UNREACHABLE, NETWORK_UNREACHABLE -> true;
            default -> false;
        };
        return unreachable && !user.isToldConnected() && scenario.mayBeRefused();
    }

    private static void judge(EngineHost host, StreamUser user, boolean breaksOff) {
        boolean opened = host.tcp().state() == TcpState.CLOSED;
        require(opened || breaksOff, "still in LISTEN");
        require(!opened || user.isToldClosed(), "the user was not told of the end");
        require(host.tcp().memoryBytes() == 0, host.tcp().memoryBytes() + " bytes of memory still charged");
        host.tcp().release();
        require(user.unreturnedBuffers() == 0, user.unreturnedBuffers() + " written buffers not given back");
    }

    private static void judgeDelivery(EngineHost host, StreamUser user, StreamUser peer) {
        require(host.tcp().closeCause() == CloseCause.NONE, host + " failed: " + host.tcp().closeCause());
        long expected = peer.plan().bytesToSend();
        require(user.received() == expected, "received " + user.received() + " of " + expected + " bytes");
    }

    private long maxPackets() {
        return PACKETS_FOR_NOTHING + PACKETS_FOR_ONE * (worth(scenario.client()) + worth(scenario.server()));
    }

    /** Packets that a party's stream needs on a perfect path. */
    private long worth(Scenario.Party party) {
        int segment = Math.min(smallestSegment(scenario.client()), smallestSegment(scenario.server()));
        return party.plan().bytesToSend() / segment;
    }

    private int smallestSegment(Scenario.Party party) {
        int configured = party.config().maxSegmentSize() == 0 ? Integer.MAX_VALUE : party.config().maxSegmentSize();
        int path = scenario.hasSmallPaths() ? SMALLEST_PATH_SEGMENT : Integer.MAX_VALUE;
        int segment = Math.min(Math.min(configured, path), party.linkMss());
        // Windows of tiny buffers cut smaller than the MSS does; half a buffer is what silly window avoidance still sends.
        int buffer = Math.min(party.config().receiveBufferBytes(), party.config().sendBufferBytes()) / 4;
        // Without Nagle's algorithm each write is a segment, and stays one when it is sent again.
        int write = party.plan().maxWriteBytes() / 2;
        return Math.max(1, Math.min(Math.min(segment, buffer), Math.min(write, party.plan().maxReadBytes())));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public String toString() {
        return scenario + System.lineSeparator() + "client: " + hosts.client() + ", " + clientUser + System.lineSeparator() + "server: "
            + hosts.server() + ", " + serverUser;
    }
}
