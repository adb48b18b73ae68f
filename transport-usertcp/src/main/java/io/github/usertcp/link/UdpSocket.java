package io.github.usertcp.link;

import io.github.usertcp.codec.IpAddress;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDatagramChannelConfig;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The datagram channel that fits an event loop, set up for whole read batches, pooled buffers and pushing back. */
enum UdpSocket {
    /** UDP_SEGMENT on the way out, UDP_GRO on the way in: one system call for up to 64 KiB. */
    EPOLL(loop -> loop.isIoType(EpollIoHandler.class), EpollDatagramChannel::new) {
        @Override
        boolean sendsTrains() {
            return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
        }

        @Override
        void configure(Channel channel, UdpLinkProvider settings) {
            EpollDatagramChannelConfig config = (EpollDatagramChannelConfig) channel.config();
            // With recvmmsg (a payload size above 0) the kernel's segment size is lost: GRO needs recvmsg.
            config.setMaxDatagramPayloadSize(0);
            try {
                config.setUdpGro(true);
            } catch (ChannelException e) {
                LOG.debug("UDP_GRO is not available", e);
            }
            config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(MAX_DATAGRAM).maxMessagesPerRead(READS_PER_BATCH));
            config.setOption(UnixChannelOption.SO_REUSEPORT, settings.isPortShared());
            neverFragment(channel);
        }

        @Override
        int pathMtu(IpAddress remote, IpAddress bound) {
            return KernelPathMtu.ask(remote, bound);
        }
    },
    IO_URING(loop -> loop.isIoType(IoUringIoHandler.class), IoUringDatagramChannel::new) {
        @Override
        void configure(Channel channel, UdpLinkProvider settings) {
            channel.config().setOption(UnixChannelOption.SO_REUSEPORT, settings.isPortShared());
            neverFragment(channel);
        }

        @Override
        int pathMtu(IpAddress remote, IpAddress bound) {
            return KernelPathMtu.ask(remote, bound);
        }
    },
    NIO(loop -> loop.isIoType(NioIoHandler.class), NioDatagramChannel::new) {
        @Override
        void configure(Channel channel, UdpLinkProvider settings) {
            if (settings.isPortShared()) {
                channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
            }
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(UdpSocket.class);
    /** Names and numbers of Linux, in.h and in6.h. */
    private static final ChannelOption<Integer> IP_MTU_DISCOVER = new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);
    private static final ChannelOption<Integer> IPV6_MTU_DISCOVER = new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", 41, 23);
    private static final int PMTUDISC_PROBE = 3;
    private static final int MAX_DATAGRAM = 65_535;
    private static final int READS_PER_BATCH = 32;
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(512 << 10, 1 << 20);

    private final Predicate<IoEventLoop> fits;
    private final Supplier<Channel> factory;

    UdpSocket(Predicate<IoEventLoop> fits, Supplier<Channel> factory) {
        this.fits = fits;
        this.factory = factory;
    }

    /** Null if the loop runs none. The native transports' classes may be missing at run time. */
    static UdpSocket forLoop(EventLoop loop) {
        if (loop instanceof IoEventLoop) {
            for (UdpSocket socket : values()) {
                try {
                    if (socket.fits.test((IoEventLoop) loop)) {
                        return socket;
                    }
                } catch (NoClassDefFoundError e) {
                    LOG.debug("{} is not available", socket, e);
                }
            }
        }
        return null;
    }

    /** Whether a SegmentedDatagramPacket leaves in one system call. */
    boolean sendsTrains() {
        return false;
    }

    /** What the kernel knows of the path from the address {@code bound}; {@link Integer#MAX_VALUE} if it cannot be asked. */
    int pathMtu(IpAddress remote, IpAddress bound) {
        return Integer.MAX_VALUE;
    }

    /**
     * Every packet leaves whole and stays so, or not at all (RFC 8899 section 3, DF set): a probe must not arrive in fragments. What the
     * kernel believes of the path does not bind the socket, since anybody can make it believe anything above its minimum; it is asked
     * when packets seem to get lost for their size.
     */
    private static void neverFragment(Channel channel) {
        for (ChannelOption<Integer> option : List.of(IP_MTU_DISCOVER, IPV6_MTU_DISCOVER)) {
            try {
                channel.config().setOption(option, PMTUDISC_PROBE);
            } catch (ChannelException e) {
                LOG.debug("{} is not available", option, e); // IPv6's on a host without
            }
        }
    }

    /** What is special to the transport. */
    abstract void configure(Channel channel, UdpLinkProvider settings);

    Channel newChannel(UdpLinkProvider settings) {
        Channel channel = factory.get();
        ChannelConfig config = channel.config();
        // The adaptive allocator's slices are objects of their own, the pooled one's are recycled: one for every datagram of a GRO buffer.
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
        config.setWriteBufferWaterMark(WATER_MARKS);
        config.setOption(ChannelOption.SO_SNDBUF, settings.socketBufferBytes());
        config.setOption(ChannelOption.SO_RCVBUF, settings.socketBufferBytes());
        // One byte more than may come, so that a datagram cut short by the buffer is told from one that fits.
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(settings.largestMtu() + 1).maxMessagesPerRead(READS_PER_BATCH));
        configure(channel, settings);
        return channel;
    }
}
