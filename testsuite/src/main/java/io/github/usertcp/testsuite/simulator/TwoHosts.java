package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.FastOpenSyn;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import io.github.usertcp.tcp.TcpTuple;
import io.github.usertcp.testsuite.simulator.host.EngineHost;
import io.github.usertcp.testsuite.simulator.host.HostConditions;
import io.github.usertcp.testsuite.simulator.host.HostUser;
import io.github.usertcp.testsuite.simulator.network.Route;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;
import io.github.usertcp.testsuite.simulator.network.VirtualTime;
import java.util.List;
import java.util.SplittableRandom;

/** Two hosts and their two connections, joined by links that others may share. */
public final class TwoHosts {
    /** Ethernet's, IP and TCP headers not subtracted. */
    public static final int ETHERNET_MTU = 1500;
    /** What IP and TCP headers take of it. */
    public static final int HEADER_BYTES = 40;

    static final IpAddress CLIENT_ADDRESS = IpAddress.parse("192.0.2.1");
    static final IpAddress SERVER_ADDRESS = IpAddress.parse("192.0.2.2");
    static final int CLIENT_PORT = 40_000;
    static final int SERVER_PORT = 80;

    private final EngineHost client;
    private final EngineHost server;

    private TwoHosts(EngineHost client, EngineHost server) {
        this.client = client;
        this.server = server;
    }

    /**
     * One of the two ends.
     *
     * @param linkMss  the largest TCP payload its own link carries, options not subtracted
     */
    public record End(TcpConfig config, InitialNumbers numbers, int linkMss, HostConditions conditions, HostUser user) {
        /** On Ethernet, on a fast machine. */
        public static End of(TcpConfig config, HostUser user) {
            return new End(config, InitialNumbers.fixed(0xFFFF_FF00, 0), ETHERNET_MTU - HEADER_BYTES, HostConditions.FAST, user);
        }
    }

    /** A client and a server, links there and links back; nothing is opened. */
    public static TwoHosts of(VirtualTime time, End client, End server, List<SimulatedLink> there, List<SimulatedLink> back,
                              SplittableRandom random) {
        TcpTuple tuple = new TcpTuple(CLIENT_ADDRESS, CLIENT_PORT, SERVER_ADDRESS, SERVER_PORT);
        TcpTuple reverse = new TcpTuple(SERVER_ADDRESS, SERVER_PORT, CLIENT_ADDRESS, CLIENT_PORT);
        EngineHost clientHost = host(time, client, tuple, random);
        EngineHost serverHost = host(time, server, reverse, random);
        clientHost.route(new Route(serverHost, there));
        serverHost.route(new Route(clientHost, back));
        return new TwoHosts(clientHost, serverHost);
    }

    private static EngineHost host(VirtualTime time, End end, TcpTuple tuple, SplittableRandom random) {
        TcpConnection tcp = TcpConnection.create(tuple, end.config(), end.numbers(), end.linkMss());
        return new EngineHost(time, end.conditions(), tcp, end.user(), random.split());
    }

    /** The client sends its SYN to a server that listens. */
    public void connect() {
        connect(null);
    }

    /** The same with TCP Fast Open. */
    void connect(FastOpenSyn fastOpen) {
        server.tcp().listen();
        client.tcp().connect(fastOpen, client.nowNanos());
        client.drain();
    }

    /** Both send a SYN (RFC 9293 section 3.5, figure 8), the client perhaps with TCP Fast Open. */
    void connectBoth(FastOpenSyn fastOpen) {
        server.tcp().connect(server.nowNanos());
        client.tcp().connect(fastOpen, client.nowNanos());
        server.drain();
        client.drain();
    }

    public EngineHost client() {
        return client;
    }

    public EngineHost server() {
        return server;
    }

    /** Both connections are gone, or were never opened. */
    public boolean isOver() {
        return isOver(client) && isOver(server);
    }

    private static boolean isOver(EngineHost host) {
        return host.tcp().state() == TcpState.CLOSED || host.tcp().state() == TcpState.LISTEN;
    }

    /** Frees what both hold. */
    public void release() {
        client.release();
        server.release();
    }
}
