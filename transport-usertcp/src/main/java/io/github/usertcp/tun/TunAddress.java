package io.github.usertcp.tun;

import java.net.SocketAddress;
import java.util.Objects;

/** The name of a TUN device, as the local address of its {@link TunChannel}. */
public final class TunAddress extends SocketAddress {
    private static final long serialVersionUID = 1;

    private final String deviceName;

    public TunAddress(String deviceName) {
        this.deviceName = Objects.requireNonNull(deviceName, "deviceName");
    }

    public String deviceName() {
        return deviceName;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TunAddress address && address.deviceName.equals(deviceName);
    }

    @Override
    public int hashCode() {
        return deviceName.hashCode();
    }

    @Override
    public String toString() {
        return "tun " + deviceName;
    }
}
