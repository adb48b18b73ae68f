package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From which of this host's addresses datagrams to a peer leave. For a socket bound to the wildcard the kernel decides by its
 * routing table; connecting a throw-away UDP socket asks it without a packet. Answers are remembered for the last 1024 peers;
 * that there is no way to a peer is not, since there may be one a moment later.
 *
 * <p>Asking takes some 20 microseconds, more than all else about a SYN. So that forged source addresses cannot keep us busy with it, there
 * are at most 2000 questions a second, and peers beyond that get the answer given last.
 */
final class LocalAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(LocalAddresses.class);
    private static final int MAX_ANSWERS = 1024;
    /** Any port will do. */
    private static final int DISCARD_PORT = 9;

    private final IpAddress bound;
    private final QuestionBudget budget;
    private final UnaryOperator<IpAddress> kernel;
    private IpAddress lastV4 = IpAddress.LOOPBACK_V4;
    private IpAddress lastV6 = IpAddress.LOOPBACK_V6;
    private final Map<IpAddress, IpAddress> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<IpAddress, IpAddress> eldest) {
            return size() > MAX_ANSWERS;
        }
    };
    /** One object for each of the host's addresses, since tables keep references to them. */
    private final Map<IpAddress, IpAddress> known = new HashMap<>();

    LocalAddresses(IpAddress bound, Ticker ticker) {
        this(bound, ticker, LocalAddresses::askKernel);
    }

    /** {@code kernel} answers with the wildcard if there is no way. */
    LocalAddresses(IpAddress bound, Ticker ticker, UnaryOperator<IpAddress> kernel) {
        this.bound = bound;
        budget = new QuestionBudget(ticker);
        this.kernel = kernel;
    }

    /** The wildcard if there is no way. */
    IpAddress towards(IpAddress remote) {
        if (!bound.isAny()) {
            return bound.isV4() == remote.isV4() ? bound : remote.wildcard();
        }
        IpAddress answer = answers.get(remote);
        if (answer != null) {
            return answer;
        }
        if (!budget.take()) {
            return remote.isV4() ? lastV4 : lastV6;
        }
        answer = kernel.apply(remote);
        if (!answer.isAny()) {
            answer = remember(remote, answer);
        }
        return answer;
    }

    private IpAddress remember(IpAddress remote, IpAddress answer) {
        IpAddress before = known.putIfAbsent(answer, answer);
        IpAddress local = before != null ? before : answer;
        answers.put(remote, local);
        if (remote.isV4()) {
            lastV4 = local;
        } else {
            lastV6 = local;
        }
        return local;
    }

    private static IpAddress askKernel(IpAddress remote) {
        try (DatagramChannel socket = DatagramChannel.open()) {
            return connect(socket, remote);
        } catch (IOException e) {
            // Too many open files, say: that tells nothing of the peer, and over UDP segments reach it whatever we take for our address.
            LOG.debug("no socket to ask for the route to {}", remote, e);
            return remote.isV4() ? IpAddress.LOOPBACK_V4 : IpAddress.LOOPBACK_V6;
        }
    }

    private static IpAddress connect(DatagramChannel socket, IpAddress remote) {
        try {
            socket.connect(new InetSocketAddress(remote.toInetAddress(), DISCARD_PORT));
            return IpAddress.of(((InetSocketAddress) socket.getLocalAddress()).getAddress());
        } catch (IOException | UnsupportedAddressTypeException e) {
            LOG.debug("no route to {}", remote, e);
            return remote.wildcard();
        }
    }
}
