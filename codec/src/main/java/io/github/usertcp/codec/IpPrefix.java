package io.github.usertcp.codec;

/**
 * An address and how many of its leading bits name a network, such as {@code 10.9.0.2/24}: a host in its network, or the network itself.
 *
 * @param length  0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) {
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;

    /** Checks the length. */
    public IpPrefix {
        int max = address.isV4() ? V4_BITS : V6_BITS;
        if (length < 0 || length > max) {
            throw new IllegalArgumentException("prefix length: " + length + " (expected: 0 to " + max + ")");
        }
    }

    /**
     * Reads {@code 10.9.0.2/24} or {@code 2001:db8::2/64}; without a length, the prefix is that one address.
     *
     * @throws IllegalArgumentException  if the text is no such thing
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new IpPrefix(address, address.isV4() ? V4_BITS : V6_BITS);
        }
        try {
            return new IpPrefix(address, Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no IP prefix", e);
        }
    }

    /** Whether an address is in the network. One of the other family never is. */
    public boolean contains(IpAddress other) {
        if (other.isV4() != address.isV4()) {
            return false;
        }
        int bits = address.isV4() ? length + V6_BITS - V4_BITS : length; // IPv4 addresses are the last 32 bits of IPv6 ones
        return ((other.high() ^ address.high()) & leadingOnes(bits)) == 0
            && ((other.low() ^ address.low()) & leadingOnes(bits - Long.SIZE)) == 0;
    }

    /** The network's address: all bits behind the prefix zero. */
    public IpAddress network() {
        int bits = address.isV4() ? length + V6_BITS - V4_BITS : length;
        return new IpAddress(address.high() & leadingOnes(bits), address.low() & leadingOnes(bits - Long.SIZE));
    }

    private static long leadingOnes(int count) {
        if (count <= 0) {
            return 0;
        }
        return count >= Long.SIZE ? -1L : -1L << Long.SIZE - count;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
