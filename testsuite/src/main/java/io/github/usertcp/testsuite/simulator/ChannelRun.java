package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.handlers.SegmentListener;
import io.github.usertcp.testsuite.simulator.host.ChannelHost;
import io.github.usertcp.testsuite.simulator.host.ChannelUser;
import io.github.usertcp.testsuite.simulator.network.Route;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Lets a {@link Scenario} happen to the channels that ship and judges it by what applications see: every byte read is the right one, all
 * of them arrive or an error is reported, both channels are closed in the end, written buffers are freed, and neither stack has a
 * connection left after TIME-WAIT. The server always listens: a scenario's simultaneous open is left to the engines.
 */
final class ChannelRun implements SimulatedRun {
    private final Scenario scenario;
    private final VirtualTime time = new VirtualTime();
    private final ScenarioPath path;
    private final ChannelUser clientUser;
    private final ChannelUser serverUser;
    private final ChannelHost client;
    private final ChannelHost server;

    ChannelRun(Scenario scenario) {
        this.scenario = scenario;
        SplittableRandom random = new SplittableRandom(~scenario.seed());
        clientUser = new ChannelUser(scenario.client().plan(), 1, 2, random.split());
        serverUser = new ChannelUser(scenario.server().plan(), 2, 1, random.split());
        path = new ScenarioPath(time, scenario, random);
        client = host(scenario.client(), TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, random.split());
        server = host(scenario.server(), TwoHosts.SERVER_ADDRESS, TwoHosts.CLIENT_ADDRESS, random.split());
        client.route(new Route(server, List.of(path.there())));
        server.route(new Route(client, List.of(path.back())));
    }

    private ChannelHost host(Scenario.Party party, IpAddress own, IpAddress peer, SplittableRandom random) {
        ChannelHost.Identity identity = new ChannelHost.Identity(own, peer, party.config(), party.numbers(), party.linkMss());
        return new ChannelHost(time, identity, party.conditions(), random);
    }

    @Override
    public void addListeners(SegmentListener ofClient, SegmentListener ofServer) {
        client.addListener(ofClient);
        server.addListener(ofServer);
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
        path.scheduleIncidents(client::stepClock, server::stepClock);
        InetSocketAddress address = new InetSocketAddress(TwoHosts.SERVER_ADDRESS.toInetAddress(), TwoHosts.SERVER_PORT);
        server.listen(address, serverUser);
        client.connect(address, clientUser);
        int events = 0;
        while (!isOver() && time.step(MAX_NANOS)) {
            require(++events < MAX_EVENTS, "not over after " + MAX_EVENTS + " events");
            require(clientUser.fault() == null, "client: " + clientUser.fault());
            require(serverUser.fault() == null, "server: " + serverUser.fault());
            require(!server.hasSurplusChannel(), "the server got a second connection");
        }
        judge();
    }

    /** An aborting client may be gone before the server has heard of it. */
    private boolean isOver() {
        return client.isOver() && server.isOver() && (server.hasChannel() || scenario.breaksOff());
    }

    private void judge() {
        require(isOver(), "not over after " + time.nowNanos() / 1_000_000_000 + " s");
        require(clientUser.isToldClosed() || client.connectFailure() != null, "the client was not told of the end");
        require(serverUser.isToldClosed() || !server.hasChannel(), "the server was not told of the end");
        if (!scenario.breaksOff()) {
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
