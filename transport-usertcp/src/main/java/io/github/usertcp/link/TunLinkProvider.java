package io.github.usertcp.link;

import io.github.usertcp.codec.IpPrefix;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.tun.RouteNetlink;
import io.github.usertcp.tun.TunChannel;
import io.github.usertcp.tun.TunDevice;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A {@link TunLink} to be opened, and its settings. Immutable: each setter returns a provider of its own and
 * throws {@link IllegalArgumentException} naming setting, value and range when the value is out of range.
 *
 * <p>Linux, with JNA ({@code net.java.dev.jna:jna}) and Netty's epoll or io_uring transport on the class path. The link lives on the
 * event loop it is opened on if that is one of these, else on an epoll event loop of its own, which ends with the link,
 * as both end with the event loop asked for.
 */
public final class TunLinkProvider implements LinkProvider {
    /** RFC 791: every host takes packets of 576 bytes. */
    private static final int MIN_MTU = 576;
    /** RFC 8200 section 5. */
    private static final int MIN_MTU_V6 = 1280;
    private static final int MAX_MTU = 65_535;
    /** The device's own. */
    private static final int AUTOMATIC = 0;

    private final String name;
    private int mtu = AUTOMATIC;
    private boolean offload = true;
    /** Null for a single queue. */
    private TunQueues queues;
    private boolean configure = true;
    private boolean acceptsAny;
    private List<IpPrefix> addresses = List.of();
    private List<IpPrefix> accepted = List.of();
    private List<IpPrefix> hostAddresses = List.of();
    private List<IpPrefix> routes = List.of();

    TunLinkProvider(String name) {
        this.name = name;
    }

    private TunLinkProvider(TunLinkProvider from) {
        name = from.name;
        mtu = from.mtu;
        offload = from.offload;
        queues = from.queues;
        configure = from.configure;
        acceptsAny = from.acceptsAny;
        addresses = from.addresses;
        accepted = from.accepted;
        hostAddresses = from.hostAddresses;
        routes = from.routes;
    }

    /**
     * An address of the stack, with the network around it, such as {@code "10.9.0.2/24"} or {@code "fd00::2/64"}: the kernel gets a
     * route to that network through the device. Connections leave from the address whose network the peer is in, or else from the first
     * one of the peer's family. May be called several times.
     */
    public TunLinkProvider address(String prefix) {
        IpPrefix parsed = IpPrefix.parse(prefix);
        TunLinkProvider changed = accept(new IpPrefix(parsed.address(), parsed.address().isV4() ? 32 : 128));
        changed.addresses = with(addresses, parsed);
        return changed;
    }

    /**
     * An address of the kernel on its end of the device, in one network with the stack's, such as {@code "10.9.0.1/24"}. Without one the
     * kernel sends from another of its addresses, if it has any. May be called several times.
     */
    public TunLinkProvider hostAddress(String prefix) {
        TunLinkProvider changed = new TunLinkProvider(this);
        changed.hostAddresses = with(hostAddresses, IpPrefix.parse(prefix));
        return changed;
    }

    /** A network whose packets the kernel is to send into the device, besides those of the stack's own addresses. */
    public TunLinkProvider route(String prefix) {
        TunLinkProvider changed = new TunLinkProvider(this);
        changed.routes = with(routes, IpPrefix.parse(prefix));
        return changed;
    }

    /**
     * Takes packets to every address of a network as its own, such as {@code "10.1.0.0/16"}: a listener on the wildcard address then
     * accepts for all of them, and a channel's {@code localAddress} is what its client dialled. May be called several times.
     */
    public TunLinkProvider accept(String prefix) {
        return accept(IpPrefix.parse(prefix));
    }

    /** Takes packets to whatever address as its own, for a transparent proxy. Default false. */
    public TunLinkProvider acceptAny(boolean value) {
        TunLinkProvider changed = new TunLinkProvider(this);
        changed.acceptsAny = value;
        return changed;
    }

    /**
     * Largest IP packet through the device, in bytes, 576 to 65,535; with IPv6 addresses from 1280, else the link fails to open. Default
     * the device's, 1500 on a new one.
     */
    public TunLinkProvider mtu(int bytes) {
        if (bytes < MIN_MTU || bytes > MAX_MTU) {
            throw new IllegalArgumentException("mtu: " + bytes + " (expected: " + MIN_MTU + " to " + MAX_MTU + ")");
        }
        TunLinkProvider changed = new TunLinkProvider(this);
        changed.mtu = bytes;
        return changed;
    }

    /**
     * Whether segments of up to 64 KiB go through the device whole, and checksums are left to the kernel (IFF_VNET_HDR,
     * TUNSETOFFLOAD). Default true; a kernel that refuses it gets single packets by itself.
     */
    public TunLinkProvider offload(boolean value) {
        TunLinkProvider changed = new TunLinkProvider(this);
        changed.offload = value;
        return changed;
    }

    /**
     * Whether the device has several queues (IFF_MULTI_QUEUE). Each stack that is opened with this provider, or with one made from it, gets
     * a queue of one device, on its own event loop. The kernel shares out new connections among them, and each stays with its stack. Source
     * ports are shared out among the queues: open all before the first connects. Offload is as the first queue has it. Default false.
     */
    public TunLinkProvider multiQueue(boolean value) {
        TunLinkProvider changed = new TunLinkProvider(this);
        changed.queues = value ? new TunQueues() : null;
        return changed;
    }

    /**
     * Whether to set the device's MTU, addresses and routes, and to bring it up, which takes CAP_NET_ADMIN. Default true; false for
     * a device that an administrator has prepared, or does so once it is open.
     */
    public TunLinkProvider configure(boolean value) {
        TunLinkProvider changed = new TunLinkProvider(this);
        changed.configure = value;
        return changed;
    }

    @Override
    public Future<Link> open(EventLoop loop, LinkReceiver receiver) {
        Promise<Link> opened = loop.newPromise();
        if (TunChannel.runsOn(loop)) {
            try {
                loop.execute(() -> open(loop, receiver, opened, () -> { }));
            } catch (RejectedExecutionException e) {
                return GlobalEventExecutor.INSTANCE.newFailedFuture(e); // that loop has ended, and would tell nobody
            }
        } else if (Epoll.isAvailable()) {
            openOnLoopOfItsOwn(loop, receiver, opened);
        } else {
            opened.setFailure(new UnsupportedOperationException("a TUN device needs Linux, and an event loop with io_uring or"
                + " netty-transport-native-epoll", Epoll.unavailabilityCause()));
        }
        return opened;
    }

    /** A loop that ends with the link, and with {@code asked}: then the stack says its farewells. */
    private void openOnLoopOfItsOwn(EventLoop asked, LinkReceiver receiver, Promise<Link> opened) {
        MultiThreadIoEventLoopGroup own = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        FutureListener<Object> end = ended -> own.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        EventLoop loop = own.next();
        loop.execute(() -> open(loop, receiver, opened, () -> {
            asked.terminationFuture().removeListener(end);
            own.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }));
        asked.terminationFuture().addListener(end);
    }

    private void open(EventLoop loop, LinkReceiver receiver, Promise<Link> opened, Runnable afterwards) {
        try {
            checkMtu(mtu, "");
            TunDevice device = queues != null ? queues.open(name, offload) : TunDevice.open(name, false, offload);
            TunLink link = link(loop, device, receiver, afterwards);
            loop.register(link.channel()).addListener((ChannelFuture registered) -> {
                if (!registered.isSuccess()) {
                    device.close();
                    link.leave();
                    afterwards.run();
                    opened.tryFailure(registered.cause());
                } else if (!opened.trySuccess(link)) {
                    link.close(); // cancelled meanwhile
                }
            });
        } catch (IOException | RuntimeException e) {
            afterwards.run();
            opened.tryFailure(e);
        }
    }

    private TunLink link(EventLoop loop, TunDevice device, LinkReceiver receiver, Runnable afterwards) throws IOException {
        boolean configured = false;
        try (RouteNetlink kernelEnd = new RouteNetlink(device.name())) {
            int packet = mtu != AUTOMATIC ? mtu : Math.min(MAX_MTU, kernelEnd.mtu());
            checkMtu(packet, " on " + device.name() + ": set a larger one with mtu(), or have no IPv6 address");
            if (configure) {
                configure(kernelEnd);
            }
            TunLink link = new TunLink(this, loop, device, packet, receiver, afterwards);
            if (queues != null) {
                link.join(queues);
            }
            configured = true;
            return link;
        } finally {
            if (!configured) {
                device.close();
                if (queues != null) {
                    queues.leave(null);
                }
            }
        }
    }

    private void configure(RouteNetlink kernelEnd) throws IOException {
        if (mtu != AUTOMATIC) {
            kernelEnd.mtu(mtu);
        }
        kernelEnd.up();
        for (IpPrefix hostAddress : hostAddresses) {
            kernelEnd.address(hostAddress);
        }
        for (IpPrefix own : addresses) {
            if (hostAddresses.stream().noneMatch(host -> host.length() <= own.length() && host.contains(own.address()))) {
                kernelEnd.route(own);
            }
        }
        for (IpPrefix route : routes) {
            kernelEnd.route(route);
        }
    }

    /** RFC 8200 section 5: no link may carry IPv6 that takes less; the kernel turns IPv6 off on such a device. */
    private void checkMtu(int bytes, String whose) {
        if (bytes != AUTOMATIC && bytes < MIN_MTU_V6 && addresses.stream().anyMatch(own -> !own.address().isV4())) {
            throw new IllegalArgumentException("mtu: " + bytes + " (expected: " + MIN_MTU_V6 + " at least, with an IPv6 address)" + whose);
        }
    }

    List<IpPrefix> addresses() {
        return addresses;
    }

    OwnAddresses ownAddresses() {
        return new OwnAddresses(addresses, routes, accepted, acceptsAny);
    }

    private TunLinkProvider accept(IpPrefix prefix) {
        TunLinkProvider changed = new TunLinkProvider(this);
        changed.accepted = with(accepted, prefix);
        return changed;
    }

    private static List<IpPrefix> with(List<IpPrefix> before, IpPrefix added) {
        List<IpPrefix> all = new ArrayList<>(before);
        all.add(added);
        return List.copyOf(all);
    }
}
