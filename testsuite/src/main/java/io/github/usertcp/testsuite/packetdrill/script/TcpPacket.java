package io.github.usertcp.testsuite.packetdrill.script;

import io.github.usertcp.codec.TcpFlags;
import java.util.List;

/**
 * A segment to inject ({@code <}) or to expect ({@code >}). Numbers are the script's, 32 bits unsigned.
 *
 * @param flags    mask of {@link TcpFlags}
 * @param ack      -1 if not written
 * @param window   the raw field, -1 if not written
 * @param urgent   the urgent pointer, 0 if not written
 * @param options  {@code null} for {@code <...>}: whatever they are
 */
public record TcpPacket(boolean isInbound, IpInfo ip, int flags, long seq, int length, long ack, int window, int urgent,
                        List<TcpOption> options)
    implements Action {

    public boolean hasFlags(int mask) {
        return (flags & mask) == mask;
    }

    public boolean isSyn() {
        return hasFlags(TcpFlags.SYN);
    }
}
