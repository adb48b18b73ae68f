package io.github.usertcp.tcp;

/**
 * How many written bytes are taken that the peer has not acknowledged. The idea: what is in flight has to be kept in case it is lost, and
 * as much again has to wait, so that every ACK finds something to send; so twice the congestion window, once that is more than there is.
 *
 * <p>Source: Linux {@code tcp_sndbuf_expand} and {@code tcp_should_expand_sndbuf}. Bytes. It never shrinks by itself.
 */
final class SendBuffer {
    private int bytes;
    private int limitBytes;

    /** Also while in use: an application that sets a size gets it. */
    void configure(TcpConfig config) {
        bytes = Math.min(Math.max(bytes, config.sendBufferBytes()), config.maxSendBufferBytes());
        limitBytes = config.maxSendBufferBytes();
    }

    int bytes() {
        return bytes;
    }

    /**
     * An ACK has let the window grow, or not.
     *
     * @param mayGrow  there is memory
     */
    void acknowledged(long cwndBytes, boolean mayGrow) {
        if (mayGrow && 2 * cwndBytes > bytes) {
            bytes = (int) Math.min(2 * cwndBytes, limitBytes);
        }
    }

    void checkInvariants() {
        assert bytes <= limitBytes : "send buffer of " + bytes + ", limit " + limitBytes;
    }
}
