package io.github.usertcp.channel;

import io.github.usertcp.congestion.CongestionControlFactory;
import io.github.usertcp.stack.FastOpenKeys;
import io.github.usertcp.tcp.MtuProbing;
import io.netty.channel.ChannelOption;

/**
 * Options of user-space TCP beyond Netty's standard ones, for {@link UserTcpSocketChannel} and, to be inherited by what it accepts,
 * {@link UserTcpServerSocketChannel}. Values out of range are an {@link IllegalArgumentException} that names option, value and range.
 *
 * <p>Options of other transports with the same name mean the same and are understood too: {@code EpollChannelOption.TCP_CORK},
 * {@code IoUringChannelOption.TCP_KEEPIDLE}, {@code NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL)} need no change.
 */
public final class UserTcpChannelOption {
    /**
     * The congestion control of connections, such as {@code CongestionControls.bbr()} or {@code CongestionControls.named("bbr")}; on an
     * established connection it goes on from the window of the one before. Default: what the stack's settings say, CUBIC.
     */
    public static final ChannelOption<CongestionControlFactory> TCP_CONGESTION = of("TCP_CONGESTION");
    /** Send only full segments, and what is left over after a retransmission timeout, at least 200 ms. Default false. */
    public static final ChannelOption<Boolean> TCP_CORK = of("TCP_CORK");
    /** {@code write} waits once so many bytes are unsent; 0 for no limit. 0 to 4294967295, default 0. */
    public static final ChannelOption<Long> TCP_NOTSENT_LOWAT = of("TCP_NOTSENT_LOWAT");
    /** Acknowledge every segment at once. Default false. Unlike Linux's, stays as set. */
    public static final ChannelOption<Boolean> TCP_QUICKACK = of("TCP_QUICKACK");
    /** Idle time before the first keepalive probe, in seconds. 1 to 32767, default 7200 (RFC 9293 section 3.8.4). */
    public static final ChannelOption<Integer> TCP_KEEPIDLE = of("TCP_KEEPIDLE");
    /** Time between keepalive probes, in seconds. 1 to 32767, default 75. */
    public static final ChannelOption<Integer> TCP_KEEPINTVL = of("TCP_KEEPINTVL");
    /** Unanswered keepalive probes that end the connection. 1 to 127, default 9. */
    public static final ChannelOption<Integer> TCP_KEEPCNT = of("TCP_KEEPCNT");
    /** Longest time data may stay unacknowledged, in milliseconds; 0 leaves it to the retry limits. 0 to 86400000, default 0 (RFC 5482). */
    public static final ChannelOption<Integer> TCP_USER_TIMEOUT = of("TCP_USER_TIMEOUT");
    /**
     * Upper bound of the maximum segment size announced and used, in bytes; 0 for what the link's MTU allows. 0 or 48 to 65495, default 0.
     */
    public static final ChannelOption<Integer> TCP_MAXSEG = of("TCP_MAXSEG");
    /**
     * What a report of the network that a packet is too big does, in Linux's numbers for IP_MTU_DISCOVER: 1 (want) and 2 (do) make
     * segments smaller (RFC 1191); 0 (don't), 3 (probe), 4 (interface) and 5 (omit) don't. 0 to 5, default 1; reads as 1 or 3.
     *
     * <p>Packets carry the don't fragment bit, except over UDP on NIO, where the kernel decides and keeps the reports to itself. Over UDP
     * on epoll and io_uring the kernel is asked for them when packets seem to be too big. With 0 and 3 to 5 what it says changes nothing: a
     * device with an MTU smaller than the link's then refuses full datagrams, until {@link #TCP_MTU_PROBING} finds that out.
     */
    public static final ChannelOption<Integer> IP_MTU_DISCOVER = of("IP_MTU_DISCOVER");
    /**
     * Whether the largest segment that the path carries is found out by trying (RFC 4821), which takes no reports of the network. {@link
     * MtuProbing#ALWAYS} has to be set before connecting. Default {@link MtuProbing#ON_BLACK_HOLE}.
     */
    public static final ChannelOption<MtuProbing> TCP_MTU_PROBING = of("TCP_MTU_PROBING");
    /** Retransmissions of a SYN before connecting fails. 0 to 127, default 6. */
    public static final ChannelOption<Integer> TCP_SYNCNT = of("TCP_SYNCNT");
    /** Longest time in FIN-WAIT-2 after close, in seconds. 1 to 86400, default 60. */
    public static final ChannelOption<Integer> TCP_LINGER2 = of("TCP_LINGER2");
    /** Initial congestion window, in segments. 1 to 1000, default 10 (RFC 6928). */
    public static final ChannelOption<Integer> TCP_INITIAL_WINDOW = of("TCP_INITIAL_WINDOW");
    /** Lower bound of the retransmission timeout, in microseconds, as in Linux. 1000 to 60000000, default 200000. */
    public static final ChannelOption<Integer> TCP_RTO_MIN_US = of("TCP_RTO_MIN_US");
    /** Longest time an acknowledgment waits for company, in microseconds, as in Linux. 0 to 500000, default 200000. */
    public static final ChannelOption<Integer> TCP_DELACK_MAX_US = of("TCP_DELACK_MAX_US");
    /**
     * TCP Fast Open without cookies (RFC 7413 section 7.3), only for closed networks: a connecting channel with TCP_FASTOPEN_CONNECT sends
     * data on its SYN to any server, a server channel with TCP_FASTOPEN takes it from any client. Default false.
     */
    public static final ChannelOption<Boolean> TCP_FASTOPEN_NO_COOKIE = of("TCP_FASTOPEN_NO_COOKIE");
    /**
     * A server channel on a stack of one's own listens on every port on which no other does, whatever port it is bound to; the
     * {@code localAddress} of what it accepts is what the client dialled. Set before bind. Default false.
     */
    public static final ChannelOption<Boolean> ALL_PORTS = of("ALL_PORTS");
    /** The keys of a server channel's Fast Open cookies. Default: those of its stack, {@link FastOpenKeys}. */
    public static final ChannelOption<FastOpenKeys> TCP_FASTOPEN_KEY = of("TCP_FASTOPEN_KEY");
    /** RFC 7323 timestamps, as negotiated when connecting. Default true. */
    public static final ChannelOption<Boolean> TCP_TIMESTAMPS = of("TCP_TIMESTAMPS");
    /** RFC 2018 selective acknowledgments, as negotiated when connecting. */
    public static final ChannelOption<Boolean> TCP_SACK = of("TCP_SACK");
    /**
     * Direct buffers of at least so many bytes are sent without a copy, and retained until the peer has
     * acknowledged them; a buffer must not be modified once written. {@link Integer#MAX_VALUE} copies
     * everything. 0 to 2147483647, default 4096, below which keeping track costs more than copying.
     */
    public static final ChannelOption<Integer> ZERO_COPY_THRESHOLD = of("ZERO_COPY_THRESHOLD");

    private UserTcpChannelOption() {
    }

    private static <T> ChannelOption<T> of(String name) {
        return ChannelOption.valueOf(UserTcpChannelOption.class, name);
    }
}
