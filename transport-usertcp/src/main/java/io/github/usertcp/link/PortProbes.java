package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether anybody has a UDP port open. A socket that is not connected is never told of the ICMP message
 * that says no, a connected one is, at its next call. So a throw-away socket is connected, sends one byte, which
 * every stack throws away as a truncated header, and is looked at a few times for an error. Silence says nothing.
 *
 * <p>A plain socket looked at by the loop's timer works on every kind of
 * loop; one probe a destination at a time, and not more than 64 in all.
 */
final class PortProbes {
    private static final Logger LOG = LoggerFactory.getLogger(PortProbes.class);
    private static final int MAX_PROBES = 64;
    /** When to look, in milliseconds since the probe was sent: at once for loopback, later for the other side of the world. */
    private static final int[] LOOKS_MILLIS = {1, 20, 100, 300, 1000};

    private final EventLoop loop;
    private final LinkReceiver receiver;
    private final Map<InetSocketAddress, DatagramChannel> open = new HashMap<>();

    PortProbes(EventLoop loop, LinkReceiver receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    void probe(IpAddress remote, int udpPort) {
        InetSocketAddress target = new InetSocketAddress(remote.toInetAddress(), udpPort);
        if (open.size() >= MAX_PROBES || open.containsKey(target)) {
            return;
        }
        try {
            DatagramChannel socket = DatagramChannel.open();
            open.put(target, socket);
            socket.configureBlocking(false);
            socket.connect(target);
            socket.write(ByteBuffer.allocate(1));
            lookLater(target, 0);
        } catch (IOException e) {
            LOG.debug("probe of {} failed", target, e);
            end(target);
        }
    }

    void close() {
        open.keySet().stream().toList().forEach(this::end);
    }

    private void lookLater(InetSocketAddress target, int look) {
        int since = look == 0 ? 0 : LOOKS_MILLIS[look - 1];
        loop.schedule(() -> look(target, look), LOOKS_MILLIS[look] - since, TimeUnit.MILLISECONDS);
    }

    private void look(InetSocketAddress target, int look) {
        DatagramChannel socket = open.get(target);
        if (socket == null) {
            return;
        }
        try {
            socket.read(ByteBuffer.allocate(1));
            if (look + 1 < LOOKS_MILLIS.length) {
                lookLater(target, look + 1);
            } else {
                end(target);
            }
        } catch (PortUnreachableException e) {
            end(target);
            receiver.onUnreachable(IpAddress.of(target.getAddress()), target.getPort(), loop.ticker().nanoTime());
        } catch (IOException e) {
            LOG.debug("probe of {} failed", target, e);
            end(target);
        }
    }

    private void end(InetSocketAddress target) {
        DatagramChannel socket = open.remove(target);
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing the probe of {} failed", target, e);
            }
        }
    }
}
