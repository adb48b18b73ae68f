package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.testsuite.packetdrill.script.IcmpPacket;
import io.github.usertcp.testsuite.packetdrill.script.TcpPacket;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import io.github.usertcp.testsuite.virtual.VirtualLoop;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The host under test: an event loop, a stack on it, and the wire to the script. The stack opens with the first thing that needs it. */
final class Machine implements AutoCloseable {
    /** So that every transfer wraps early. */
    private static final int ISS = 0xFFFF_FF00;
    private static final int TIMESTAMP_OFFSET = 1_000_000;
    private static final int FIRST_REMOTE_PORT = 40_001;

    private final VirtualLoop loop = VirtualLoop.create();
    private final RunOptions options;
    private final LinuxSettings settings;
    private final Nstat nstat = new Nstat(() -> underTest() == null ? null : underTest().info());
    private final Deque<WirePacket> emitted = new ArrayDeque<>();
    private final List<Flow> flows = new ArrayList<>();
    private final List<Endpoint> sockets = new ArrayList<>();
    private TcpStack stack;
    private ScriptLink link;
    private int nextRemotePort = FIRST_REMOTE_PORT;
    private Endpoint underTest;
    private Flow flow;

    Machine(RunOptions options) {
        this.options = options;
        settings = new LinuxSettings(options);
    }

    VirtualLoop loop() {
        return loop;
    }

    void register(Channel channel) {
        EventLoop on = loop;
        on.register(channel);
    }

    RunOptions options() {
        return options;
    }

    LinuxSettings settings() {
        return settings;
    }

    TcpStack stack() {
        if (stack == null) {
            link = new ScriptLink(loop, options, settings.linkMss(), emitted::add);
            stack = TcpStack.builder().link(link).config(settings.config()).stackConfig(settings.stackConfig())
                .initialNumbers(InitialNumbers.fixed(ISS, TIMESTAMP_OFFSET)).secret(new SipHash(1, 2)).open(loop).getNow();
        }
        return stack;
    }

    FastOpenSettings fastOpen() {
        return settings.fastOpen();
    }

    /**
     * Runs a command that may change settings. Sockets take them when they begin to listen or to connect.
     *
     * @throws UnsupportedFeatureException  if it would, on Linux, also reach one that has done so before
     */
    void command(String text) {
        new CommandTable(settings, nstat, options.isIpv6()).run(text);
        boolean peersForgotten = settings.takePeersForgotten();
        LinuxSettings.Reach reach = settings.takeReach();
        if (stack == null) {
            return;
        }
        if (isTooLate(reach)) {
            throw new UnsupportedFeatureException("command that reaches an open socket: " + text.lines().findFirst().orElse(""));
        }
        stack.reconfigure(settings.config());
        stack.reconfigure(settings.fastOpen().config());
        if (peersForgotten) {
            stack.fastOpenCache().clear();
        }
    }

    private boolean isTooLate(LinuxSettings.Reach change) {
        boolean opening = sockets.stream().anyMatch(Endpoint::isOpening);
        return switch (change) {
            case NOBODY -> false;
            case HANDSHAKES -> opening;
            case CONNECTIONS -> opening || stack.connectionCount() > 0;
            case STACK -> true;
        };
    }

    // ---- sockets and the connection under test

    /** A new socket is the one that packets are of from now on. */
    Endpoint newEndpoint() {
        underTest = new Endpoint(this);
        sockets.add(underTest);
        flow = null;
        return underTest;
    }

    /** The active open of a socket. */
    void connects(Endpoint endpoint) {
        if (endpoint.flow == null) {
            endpoint.flow = add(new Flow(Flow.UNKNOWN_PORT, options.connectPort));
            if (endpoint == underTest) {
                flow = endpoint.flow;
            }
        }
    }

    /** An accepted connection has come to be of this socket. */
    void accepted(Endpoint child) {
        sockets.add(child);
        flows.stream().filter(candidate -> candidate.remotePort == child.remotePort()).findFirst().ifPresent(match -> {
            child.flow = match;
            if (match == flow) {
                underTest = child;
            }
        });
    }

    private Flow add(Flow added) {
        flows.add(added);
        return added;
    }

    Flow flow() {
        if (flow == null) {
            throw new ScriptFailure("no connection yet that the packet could belong to");
        }
        return flow;
    }

    /** The socket that code blocks take their snapshot of; {@code null} if there is none. */
    Endpoint underTest() {
        return underTest;
    }

    // ---- packets

    /** Packets the stack has sent, oldest first; those of other connections are removed. */
    WirePacket pollEmitted() {
        for (WirePacket packet = emitted.poll(); packet != null; packet = emitted.poll()) {
            if (flow != null && flow.owns(packet)) {
                return packet;
            }
        }
        return null;
    }

    void inject(TcpPacket packet) {
        stack();
        if (flow == null) {
            // Any packet to a listener, or to nobody, starts a connection of its own: also one that deserves a reset.
            flow = add(new Flow(options.bindPort, nextRemotePort++));
        }
        if (packet.isSyn()) {
            flow.learnRemoteIsn(packet.seq());
        }
        link.inject(SegmentBytes.of(packet, flow, options), packet.ip().trafficClass());
        loop.settle();
    }

    void inject(IcmpPacket packet) {
        link.inject(packet, flow());
        loop.settle();
    }

    @Override
    public void close() {
        if (stack != null) {
            stack.close();
            loop.drain();
        }
    }
}
