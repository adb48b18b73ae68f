package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.link.EmbeddedLink;
import io.github.usertcp.link.VirtualNetwork;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpConfig;
import java.net.BindException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client stack and a server stack in virtual time, and peers played by hand. Every ISS is one that wraps soon. */
final class TwoStacks {
    static final int ISS = 0xFFFF_FF00;
    static final String CLIENT = "10.0.0.1";
    static final String SERVER = "10.0.0.2";
    static final int CLIENT_UDP = 5000;
    static final int PORT = 8007;
    static final IpAddress STRANGER = IpAddress.parse("203.0.113.9");
    static final int STRANGER_UDP = 7777;

    final VirtualNetwork network = new VirtualNetwork();
    final TcpStack client;
    final TcpStack server;
    final List<Application> accepted = new ArrayList<>();
    TcpListener listener;

    TwoStacks() {
        this(TcpStackConfig.defaults(), TcpStackConfig.defaults());
    }

    TwoStacks(TcpStackConfig clientConfig, TcpStackConfig serverConfig) {
        client = open(CLIENT, CLIENT_UDP, clientConfig);
        server = open(SERVER, PORT, serverConfig);
    }

    private TcpStack open(String address, int udpPort, TcpStackConfig config) {
        return TcpStack.builder().link(network.link(address, udpPort)).stackConfig(config).secret(new SipHash(1, udpPort))
            .initialNumbers(InitialNumbers.fixed(ISS, 0)).open(network.loop()).getNow();
    }

    EmbeddedLink clientLink() {
        return (EmbeddedLink) client.link();
    }

    EmbeddedLink serverLink() {
        return (EmbeddedLink) server.link();
    }

    /** The server echoes on every connection. */
    TwoStacks echoing() {
        return listening(128, TcpConfig.defaults(), true);
    }

    /** A listener whose connections stay in the accept queue. */
    TwoStacks listeningOnly(int backlog) {
        return listening(backlog, TcpConfig.defaults(), false);
    }

    TwoStacks listening(int backlog, TcpConfig config, boolean accepts) {
        try {
            listener = server.listen(IpAddress.ANY_V4, PORT, backlog, config, accepts ? this::acceptAll : () -> { });
        } catch (BindException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    void acceptAll() {
        for (StackConnection next = listener.accept(); next != null; next = listener.accept()) {
            accepted.add(Application.echo().own(next));
        }
    }

    Application connect() {
        return connect(0, TcpConfig.defaults());
    }

    Application connect(int localPort, TcpConfig config) {
        try {
            return tryConnect(localPort, config);
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    Application tryConnect(int localPort, TcpConfig config) throws SocketException {
        Application application = new Application();
        application.connection = client.connect(IpAddress.ANY_V4, localPort, IpAddress.parse(SERVER), PORT, PORT, config, application);
        application.connection.touch();
        network.run();
        return application;
    }

    void advance(Duration time) {
        network.advance(time);
    }

    /** A segment of a stranger's for the server, in packetdrill notation. */
    TcpSegment stranger(String text, int port) {
        return from(STRANGER, port, STRANGER_UDP, text);
    }

    TcpSegment from(IpAddress address, int port, int udpPort, String text) {
        return TcpSegment.parse(text).source(address, port).destination(IpAddress.parse(SERVER), PORT).udpPorts(udpPort, PORT);
    }

    /** What the server answers to a stranger's segment. */
    List<String> answersTo(TcpSegment segment) {
        IpAddress address = segment.source();
        int udpPort = segment.sourceUdpPort();
        network.inject(segment);
        return received(address, udpPort);
    }

    List<String> received(IpAddress address, int udpPort) {
        return network.takeReceived(address, udpPort).stream().map(TwoStacks::withoutTimestamps).toList();
    }

    private static String withoutTimestamps(TcpSegment segment) {
        String text = (segment.isSyn() ? segment : segment.clearTimestamps()).toString();
        segment.release();
        return text;
    }

    long count(StackCounter counter) {
        return server.stats().get(counter);
    }

    static boolean isSynAck(TcpSegment segment) {
        return segment.hasFlags(TcpFlags.SYN | TcpFlags.ACK);
    }

    /** Ends both stacks; nothing may be left of them. */
    void close() {
        client.close();
        server.close();
        network.run();
    }
}
