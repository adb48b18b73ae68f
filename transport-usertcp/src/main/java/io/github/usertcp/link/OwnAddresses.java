package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpPrefix;
import java.util.List;
import java.util.stream.Stream;

/** Whose packets a host takes, and from whom (RFC 1122 section 3.2.1.3); and for which others it has to answer. */
final class OwnAddresses {
    /** RFC 3021: of a longer prefix, every address is a host. */
    private static final int LONGEST_WITH_BROADCAST = 30;

    private final IpPrefix[] networks;
    private final IpAddress[] hosts;
    private final IpAddress[] broadcasts;
    private final IpPrefix[] routed;
    private final IpPrefix[] accepted;
    private final boolean acceptsAny;

    /**
     * Of a host in those networks, with those addresses there.
     *
     * @param routes      networks besides those whose packets are sent here
     * @param accepted    addresses that it takes for its own, at least those
     * @param acceptsAny  true if it takes every address for its own
     */
    OwnAddresses(List<IpPrefix> networks, List<IpPrefix> routes, List<IpPrefix> accepted, boolean acceptsAny) {
        this.networks = networks.toArray(IpPrefix[]::new);
        hosts = networks.stream().map(IpPrefix::address).toArray(IpAddress[]::new);
        broadcasts = networks.stream().filter(OwnAddresses::hasBroadcast).map(OwnAddresses::broadcast).toArray(IpAddress[]::new);
        routed = Stream.concat(networks.stream(), routes.stream()).toArray(IpPrefix[]::new);
        this.accepted = accepted.toArray(IpPrefix[]::new);
        this.acceptsAny = acceptsAny;
    }

    /** Whether packets to that address are for us. Those to many hosts at once are for no TCP. */
    boolean contain(IpAddress destination) {
        if (!isHost(destination)) {
            return false;
        }
        return acceptsAny || isIn(accepted, destination);
    }

    /**
     * The address to answer a packet from that was sent to {@code destination}: that one if it is ours, else ours in its network, else any
     * of its family (RFC 4443 section 2.2).
     */
    IpAddress answering(IpAddress destination) {
        if (contain(destination)) {
            return destination;
        }
        IpAddress any = null;
        for (int i = 0; i < networks.length; i++) {
            if (networks[i].contains(destination)) {
                return hosts[i];
            }
            if (any == null && hosts[i].isV4() == destination.isV4()) {
                any = hosts[i];
            }
        }
        return any != null ? any : destination;
    }

    /** Whether that address is one of a host in the networks whose packets end here. */
    boolean areRouterFor(IpAddress destination) {
        return isHost(destination) && isIn(routed, destination);
    }

    /** Whether a packet that arrives can have that source: it has to be one host, and not we. */
    boolean allowSource(IpAddress source) {
        return isHost(source) && !isIn(hosts, source);
    }

    /** Whether the address is that of one host, as others know it. */
    private boolean isHost(IpAddress address) {
        return !address.isAny() && !address.isMulticastOrBroadcast() && !address.isLoopback() && !isIn(broadcasts, address);
    }

    private static boolean isIn(IpPrefix[] networks, IpAddress wanted) {
        for (int i = 0; i < networks.length; i++) {
            if (networks[i].contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(IpAddress[] addresses, IpAddress wanted) {
        for (int i = 0; i < addresses.length; i++) {
            if (addresses[i].equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasBroadcast(IpPrefix network) {
        return network.address().isV4() && network.length() <= LONGEST_WITH_BROADCAST && !network.address().equals(broadcast(network));
    }

    /** The last address of an IPv4 network. */
    private static IpAddress broadcast(IpPrefix network) {
        return IpAddress.v4(network.network().v4Bits() | (int) (0xFFFF_FFFFL >>> network.length()));
    }
}
