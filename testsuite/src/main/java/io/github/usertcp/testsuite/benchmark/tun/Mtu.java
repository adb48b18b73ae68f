package io.github.usertcp.testsuite.benchmark.tun;

/** How large a packet of a device may be, in bytes. */
final class Mtu {
    /** What Ethernet carries. */
    static final int ETHERNET = 1500;
    /** Pasta's default, and what rootless Docker and Podman ask of slirp4netns. */
    static final int LARGE = 65_520;

    private Mtu() {
    }
}
