package io.github.usertcp.examples;

import io.github.usertcp.tcp.TcpInfo;
import java.time.Duration;

/**
 * The outcome of a download.
 *
 * @param bytes      of content
 * @param digest     as computed here
 * @param announced  as the server said
 * @param time       from the response's header to the last byte
 * @param info       of the connection, at the last byte
 */
record Downloaded(long bytes, String digest, String announced, Duration time, TcpInfo info) {
    boolean isIntact() {
        return digest.equals(announced);
    }

    @Override
    public String toString() {
        double seconds = time.toNanos() / 1e9;
        String check = isIntact() ? "correct" : "WRONG";
        return String.format("%,d bytes in %.3f s: %,.0f Mbit/s, digest %s", bytes, seconds, bytes * 8 / 1e6 / seconds, check);
    }
}
