package io.github.usertcp.testsuite.packetdrill.run;

import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * Connecting and writing in one: sendto() with MSG_FASTOPEN, or the first write after a connect() that TCP_FASTOPEN_CONNECT has put off.
 * One that does not block returns what the SYN has taken, or EINPROGRESS if that is nothing, as Linux does.
 */
final class FastOpenCall implements Supplier<Outcome> {
    private final Endpoint endpoint;
    private final InetSocketAddress remote;
    private final long length;
    private final boolean blocking;
    private boolean begun;
    private long written;

    FastOpenCall(Endpoint endpoint, InetSocketAddress remote, long length, boolean blocking) {
        this.endpoint = endpoint;
        this.remote = remote;
        this.length = length;
        this.blocking = blocking;
    }

    @Override
    public Outcome get() {
        if (!begun) {
            begun = true;
            Outcome refused = endpoint.refusesFastOpen();
            if (refused != null) {
                return refused;
            }
            endpoint.connectWithData(remote, blocking ? length : onSyn());
        }
        if (!blocking) {
            return written > 0 ? Outcome.of(written) : Outcome.error("EINPROGRESS");
        }
        if (endpoint.isConnecting()) {
            return null;
        }
        Outcome connected = endpoint.connect(remote);
        return !connected.errno().isEmpty() ? connected : endpoint.isInitialDataTaken() ? Outcome.of(length) : null;
    }

    /** One that does not block writes no more than the SYN takes. */
    private long onSyn() {
        written = Math.min(length, Math.max(0, endpoint.synDataRoom(remote)));
        return written;
    }
}
