package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.testsuite.simulator.host.ChannelHost;
import io.github.usertcp.testsuite.simulator.host.ChannelUser;
import io.github.usertcp.testsuite.simulator.host.StreamPlan;
import io.github.usertcp.testsuite.simulator.network.IcmpSource;
import io.github.usertcp.testsuite.simulator.network.Route;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Lets a {@link Scenario} happen to the channels that ship and judges it by what applications see: every byte read is the right one, all
 * of them arrive or an error is reported, both channels are closed in the end, written buffers are freed, and neither stack has a
 * connection left after TIME-WAIT. The server always listens: a scenario's simultaneous open is left to the engines.
 */
final class ChannelRun implements SimulatedRun {
    private static final Set<String> UNREACHABLE = Set.of(CloseCause.UNREACHABLE.message(), CloseCause.NETWORK_UNREACHABLE.message());
    private static final StreamPlan VISIT = new StreamPlan(0, 1, 0, 1, Long.MAX_VALUE, 0, StreamPlan.Ending.HALF_CLOSE);

    private final Scenario scenario;
    private final VirtualTime time = new VirtualTime();
    private final ScenarioPath path;
    private final ChannelUser clientUser;
    private final ChannelUser serverUser;
    /** Who come before them, on either side. */
    private final List<ChannelUser> visitors;
    private final ChannelHost client;
    private final ChannelHost server;

    ChannelRun(Scenario scenario) {
        this.scenario = scenario;
        SplittableRandom random = new SplittableRandom(~scenario.seed());
        clientUser = new ChannelUser(scenario.client().plan(), 1, 2, random.split());
        serverUser = new ChannelUser(scenario.server().plan(), 2, 1, random.split());
        path = new ScenarioPath(time, scenario, random);
        visitors = List.of(new ChannelUser(VISIT, 1, 2, random.split()), new ChannelUser(VISIT, 2, 1, random.split()));
        TcpConfig clientConfig = scenario.fastOpen().ofClient(scenario.client().config());
        client = host(scenario.client(), clientConfig, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, random.split());
        server = host(scenario.server(), scenario.server().config(), TwoHosts.SERVER_ADDRESS, TwoHosts.CLIENT_ADDRESS, random.split());
        client.route(new Route(server, List.of(path.there())));
        server.route(new Route(client, List.of(path.back())));
    }

    private ChannelHost host(Scenario.Party party, TcpConfig config, IpAddress own, IpAddress peer, SplittableRandom random) {
        ChannelHost.Identity identity =
            new ChannelHost.Identity(own, peer, config, party.numbers(), party.linkMss(), scenario.fastOpen().ofServer());
        return new ChannelHost(time, identity, party.conditions(), random);
    }

    @Override
    public void addListeners(SegmentListener ofClient, SegmentListener ofServer) {
        client.addListener(ofClient);
        server.addListener(ofServer);
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
        return client.packetsSent() + server.packetsSent();
    }

    @Override
    public long nowNanos() {
        return time.nowNanos();
    }

    @Override
    public void run() {
        InetSocketAddress address = new InetSocketAddress(TwoHosts.SERVER_ADDRESS.toInetAddress(), TwoHosts.SERVER_PORT);
        server.listen(address, visitors.get(1));
        if (scenario.fastOpen().hasVisit()) {
            client.connect(address, visitors.get(0));
            runUntilOver();
        }
        server.expectAnother(serverUser, scenario.fastOpen().ofServerLater());
        path.begin(client, server);
        client.connect(address, clientUser);
        runUntilOver();
        judge();
    }

    private void runUntilOver() {
        int events = 0;
        while (!isOver() && time.step(MAX_NANOS)) {
            require(++events < MAX_EVENTS, "not over after " + MAX_EVENTS + " events");
            require(clientUser.fault() == null, "client: " + clientUser.fault());
            require(serverUser.fault() == null, "server: " + serverUser.fault());
            // A SYN that opens a connection by itself may open another when it arrives late a second time (RFC 7413 section 2.1).
            require(!server.hasSurplusChannel() || scenario.fastOpen() != FastOpenPlan.NONE, "the server got a second connection");
        }
        require(isOver(), "not over after " + time.nowNanos() / 1_000_000_000 + " s");
    }

    /** A client that aborts, or is refused, may be gone before the server has heard of it. */
    private boolean isOver() {
        return client.isOver() && server.isOver() && (server.hasChannel() || breaksOff());
    }

    private boolean breaksOff() {
        return scenario.breaksOff() || scenario.mayBeRefused() && isRefused();
    }

    /** The network said that there is no way to the server, or to the client, whose SYN was then forgotten and who is reset. */
    private boolean isRefused() {
        return client.connectFailure() instanceof NoRouteToHostException || server.hasForgottenHandshake() || isRefusedLate();
    }

    /** With a cookie a channel is active before its SYN has left, as in Linux: then the refusal is an error like others. */
    private boolean isRefusedLate() {
        return scenario.fastOpen() != FastOpenPlan.NONE && clientUser.error() != null
            && UNREACHABLE.contains(clientUser.error().getMessage());
    }

    private void judge() {
        require(clientUser.isToldClosed() || client.connectFailure() != null, "the client was not told of the end");
        require(serverUser.isToldClosed() || !server.hasChannel(), "the server was not told of the end");
        if (!breaksOff()) {
            require(client.connectFailure() == null, "not connected: " + client.connectFailure());
            judgeDelivery(clientUser, serverUser);
            judgeDelivery(serverUser, clientUser);
        }
        require(clientUser.unreturnedBuffers() == 0, clientUser.unreturnedBuffers() + " of the client's buffers not freed");
        require(serverUser.unreturnedBuffers() == 0, serverUser.unreturnedBuffers() + " of the server's buffers not freed");
    }

    private static void judgeDelivery(ChannelUser user, ChannelUser peer) {
        require(user.error() == null, "failed: " + user.error());
        long expected = peer.plan().bytesToSend();
        require(user.received() == expected, "received " + user.received() + " of " + expected + " bytes");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        while (time.step(Long.MAX_VALUE)) {
            continue; // packets on the way are freed where they arrive
        }
    }

    @Override
    public String toString() {
        return scenario + System.lineSeparator() + "client: " + client + ", " + clientUser + System.lineSeparator() + "server: "
            + server + ", " + serverUser;
    }
}
