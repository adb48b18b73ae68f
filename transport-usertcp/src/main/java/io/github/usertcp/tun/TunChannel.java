package io.github.usertcp.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Limits;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link TunDevice} as a Netty channel: each message in either direction is a {@link ByteBuf} with one IP packet, or with a
 * {@link VirtioNetHeader} and one IP packet if the device {@linkplain TunDevice#hasOffload() has offload}. Runs on epoll and
 * io_uring event loops ({@link #runsOn}); active as soon as it is registered.
 *
 * <p>Packets read are slices of one buffer that nobody else reads, one behind the other, as long as there is room in it for another
 * one. Packets written may be composite buffers and are written without being joined. A packet that the kernel does not take fails
 * its own promise, and the next one is written.
 *
 * <p>A device that is deleted closes the channel, after an {@code exceptionCaught} that says so. When its event loop takes the
 * channel away it fires {@link Closing} first, and what is written and flushed during that event still leaves.
 */
public final class TunChannel extends AbstractChannel {
    /** The user event of a channel that the event loop is about to close. */
    public enum Closing {
        /** The only one. */
        EVENT
    }

    private static final Logger LOG = LoggerFactory.getLogger(TunChannel.class);
    private static final int READS_PER_BATCH = 64;
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, READS_PER_BATCH);
    private static final String EXPECTED_TYPE = " (expected: " + StringUtil.simpleClassName(ByteBuf.class) + ')';
    /** Larger than any IPv6 packet with a header of ours in front. */
    private static final int MAX_PACKET = VirtioNetHeader.LENGTH + 40 + 65_535;

    private final TunDevice device;
    private final ChannelConfig config = new Config(this);
    private final TunAddress address;
    private final PacketSlab slab;
    /** Closes the channel if its loop does not: one told by its own task to shut down without a quiet period closes nothing. */
    private final Runnable shutdownHook = () -> ((TunUnsafe) unsafe()).onLoopClosing();
    private IovArray iov;
    /** Null while there is no event loop. */
    private Readiness readiness;
    private volatile boolean active;
    /** Somebody has asked to read, and nothing has been read since. */
    private boolean readPending;

    /**
     * A channel that reads and writes that device, and closes it.
     *
     * @param mtu  largest packet that comes from a device without offload, in bytes; longer ones are cut off
     */
    public TunChannel(TunDevice device, int mtu) {
        super(null);
        this.device = device;
        address = new TunAddress(device.name());
        int maxPacket = device.hasOffload() ? MAX_PACKET : mtu + 1;
        slab = new PacketSlab(maxPacket);
        // The slab decides where packets are read to; of the allocator only the number of reads counts.
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(maxPacket).respectMaybeMoreData(false)
            .maxMessagesPerRead(READS_PER_BATCH));
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
    }

    /** Whether a loop can run such channels: one with epoll or io_uring. */
    public static boolean runsOn(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && Readiness.isToldBy(ioLoop);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return device.fd().isOpen();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new TunUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return runsOn(loop);
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        IoEventLoop loop = (IoEventLoop) eventLoop();
        Readiness handle = Readiness.on(loop, device.fd(), (TunUnsafe) unsafe());
        loop.register(handle).addListener((Future<IoRegistration> registered) -> {
            if (registered.isSuccess()) {
                handle.start(registered.getNow());
                readiness = handle;
                if (iov == null) {
                    iov = new IovArray(Limits.IOV_MAX);
                }
                if (loop instanceof SingleThreadEventExecutor executor) {
                    executor.addShutdownHook(shutdownHook);
                }
                active = true;
                promise.setSuccess();
            } else {
                promise.setFailure(registered.cause());
            }
        });
    }

    @Override
    protected void doDeregister() {
        active = false;
        if (readiness != null) {
            if (eventLoop() instanceof SingleThreadEventExecutor executor) {
                executor.removeShutdownHook(shutdownHook);
            }
            readiness.cancel();
            readiness = null;
        }
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException("a TUN device is bound when it is opened");
    }

    @Override
    protected void doDisconnect() throws IOException {
        doClose();
    }

    @Override
    protected void doClose() throws IOException {
        doDeregister(); // before the descriptor's number is given to somebody else
        slab.release();
        if (iov != null) {
            iov.release();
            iov = null;
        }
        device.close();
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        wantReads(true);
    }

    private void wantReads(boolean wanted) {
        if (active) {
            readiness.wantReads(wanted);
        }
    }

    private void wantWrites(boolean wanted) {
        if (active) {
            readiness.wantWrites(wanted);
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (!(message instanceof ByteBuf packet)) {
            throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(message) + EXPECTED_TYPE);
        }
        if (packet.isDirect()) {
            return packet;
        }
        ByteBuf direct = alloc().directBuffer(packet.readableBytes()).writeBytes(packet);
        packet.release();
        return direct;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer outbound) throws Exception {
        for (ByteBuf packet = (ByteBuf) outbound.current(); packet != null; packet = (ByteBuf) outbound.current()) {
            try {
                if (write(packet) == 0) {
                    wantWrites(true);
                    return;
                }
                outbound.remove();
            } catch (IOException e) {
                IOException end = TunErrors.endOf(device.name(), e);
                if (end != null) {
                    pipeline().fireExceptionCaught(end);
                    throw end;
                }
                LOG.debug("{}: packet of {} bytes not taken", device, packet.readableBytes(), e);
                outbound.remove(e);
            }
        }
        wantWrites(false);
    }

    /** Returns 0 if the kernel takes nothing now. */
    private long write(ByteBuf packet) throws IOException {
        if (packet.hasMemoryAddress()) {
            return device.fd().writeAddress(packet.memoryAddress(), packet.readerIndex(), packet.writerIndex());
        }
        iov.clear();
        if (iov.add(packet, packet.readerIndex(), packet.readableBytes())) {
            return device.fd().writevAddresses(iov.memoryAddress(0), iov.count());
        }
        ByteBuf joined = alloc().directBuffer(packet.readableBytes()).writeBytes(packet, packet.readerIndex(), packet.readableBytes());
        try {
            return write(joined); // more pieces than one system call takes
        } finally {
            joined.release();
        }
    }

    /** Tells the channel when auto-read goes off. */
    private final class Config extends DefaultChannelConfig {
        Config(Channel channel) {
            super(channel);
        }

        @Override
        protected void autoReadCleared() {
            if (!isRegistered()) {
                return;
            }
            if (eventLoop().inEventLoop()) {
                stopReading();
            } else {
                eventLoop().execute(this::stopReading);
            }
        }

        private void stopReading() {
            readPending = false;
            wantReads(false);
        }
    }

    private final class TunUnsafe extends AbstractUnsafe implements Readiness.Listener {
        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("a TUN device is not connected to anybody"));
        }

        @Override
        public void onLoopClosing() {
            if (isActive()) {
                pipeline().fireUserEventTriggered(Closing.EVENT);
            }
            close(voidPromise());
        }

        @Override
        protected Executor prepareToClose() {
            active = false;
            return readiness == null ? null : readiness.release();
        }

        @Override
        public void onWritable() {
            flush0();
        }

        @Override
        public void onReadable() {
            if (!active) {
                return; // writing has just met the end of the device
            }
            ExtendedHandle handle = (ExtendedHandle) recvBufAllocHandle();
            handle.reset(config);
            IOException failure = null;
            try {
                do {
                    ByteBuf packet = slab.read(device.fd(), alloc());
                    handle.lastBytesRead(packet == null ? 0 : packet.readableBytes());
                    if (packet == null) {
                        break;
                    }
                    handle.incMessagesRead(1);
                    readPending = false;
                    pipeline().fireChannelRead(packet);
                } while (isActive() && handle.continueReading());
            } catch (IOException e) {
                failure = e;
            }
            handle.readComplete();
            pipeline().fireChannelReadComplete();
            if (failure != null) {
                IOException end = TunErrors.endOf(device.name(), failure);
                pipeline().fireExceptionCaught(end != null ? end : failure);
                close(voidPromise());
            } else if (!readPending && !config.isAutoRead()) {
                wantReads(false);
            }
        }
    }
}
