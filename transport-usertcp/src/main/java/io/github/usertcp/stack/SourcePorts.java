package io.github.usertcp.stack;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpTuple;
import io.github.usertcp.tcp.TimeWait;
import java.net.BindException;
import java.net.NoRouteToHostException;

/**
 * Gives an active open its source: the address asked for or else the link's, the port asked for if no connection to that peer has it, or an
 * ephemeral one.
 *
 * <p>A port in TIME-WAIT is taken, unless the old connection used timestamps and the new one carries on from them: then the peer can tell
 * old segments from new ones (RFC 6191, from the other end). An ephemeral port is looked for a while among those that are really free;
 * who opens connections faster than TIME-WAIT ends would else search the whole range for each.
 */
final class SourcePorts {
    private static final int ATTEMPTS_WITHOUT_REUSE = 64;

    private final TcpStack stack;
    private final InitialNumbers numbers;
    private final EphemeralPorts ephemeral;
    private final TcpStackConfig config;

    SourcePorts(TcpStack stack, InitialNumbers numbers, SipHash hashing, TcpStackConfig config) {
        this.stack = stack;
        this.numbers = numbers;
        this.config = config;
        ephemeral = new EphemeralPorts(hashing, config);
    }

    /** A TCP port to listen on, or {@link EphemeralPorts#NONE}. */
    int chooseForListener(IpAddress local) {
        return ephemeral.choose(local, IpAddress.ANY_V6, 0, candidate ->
            stack.link().isPortOurs(candidate) && stack.listeners.isFree(local, candidate));
    }

    /**
     * A tuple that no connection has.
     *
     * @param local      the wildcard for the address the link chooses
     * @param localPort  0 for an ephemeral one
     */
    TcpTuple choose(IpAddress local, int localPort, IpAddress remote, int remotePort, int udpPort, TcpConfig settings)
        throws BindException, NoRouteToHostException {
        IpAddress source = local.isAny() ? stack.link().localAddress(remote) : local;
        if (source.isAny() || remote.isMulticastOrBroadcast()) { // RFC 9293 section 3.9.2.3
            throw new NoRouteToHostException(CloseCause.NETWORK_UNREACHABLE.message());
        }
        return localPort != 0 ? take(new TcpTuple(source, localPort, remote, remotePort, udpPort), settings)
            : chooseEphemeral(source, remote, remotePort, udpPort, settings);
    }

    private TcpTuple take(TcpTuple wanted, TcpConfig settings) throws BindException {
        if (!isFree(wanted) && !gaveUpTimeWait(wanted, settings)) {
            throw new BindException("Address already in use: " + wanted);
        }
        return wanted;
    }

    private TcpTuple chooseEphemeral(IpAddress local, IpAddress remote, int remotePort, int udpPort, TcpConfig settings)
        throws BindException {
        int port = ephemeral.choose(local, remote, remotePort, ATTEMPTS_WITHOUT_REUSE,
            candidate -> stack.link().isPortOurs(candidate) && isFree(new TcpTuple(local, candidate, remote, remotePort, udpPort)));
        if (port == EphemeralPorts.NONE) {
            port = ephemeral.choose(local, remote, remotePort, candidate -> {
                TcpTuple tuple = new TcpTuple(local, candidate, remote, remotePort, udpPort);
                return stack.link().isPortOurs(candidate) && (isFree(tuple) || gaveUpTimeWait(tuple, settings));
            });
        }
        if (port == EphemeralPorts.NONE) {
            throw new BindException("No free port: all of " + config.minEphemeralPort() + " to " + config.maxEphemeralPort()
                + " are in use to " + remote + ":" + remotePort);
        }
        return new TcpTuple(local, port, remote, remotePort, udpPort);
    }

    private boolean isFree(TcpTuple tuple) {
        // From itself to itself would be taken for a LAND attack.
        boolean toItself = tuple.localPort() == tuple.remotePort() && tuple.remoteUdpPort() == stack.link().udpPort()
            && tuple.localAddress().equals(tuple.remoteAddress());
        TupleKey key = stack.key.set(tuple);
        return !toItself && !stack.connections.contains(key) && stack.synQueue.find(key) == SynQueue.NONE
            && stack.timeWaits.find(key) == TimeWaitTable.NONE;
    }

    /** True if only a TIME-WAIT entry was in the way that may be reused, and now is gone. */
    private boolean gaveUpTimeWait(TcpTuple tuple, TcpConfig settings) {
        int row = stack.timeWaits.find(stack.key.set(tuple));
        if (row == TimeWaitTable.NONE) {
            return false;
        }
        TimeWait entry = stack.timeWaits.entry(row);
        if (!entry.timestamps() || !settings.timestamps() || entry.tsOffset() != numbers.timestampOffset(tuple)) {
            return false;
        }
        stack.timeWaits.remove(row);
        stack.stats().count(StackCounter.TIME_WAITS_REUSED);
        return true;
    }
}
