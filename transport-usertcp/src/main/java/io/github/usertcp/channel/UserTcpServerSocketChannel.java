package io.github.usertcp.channel;

import io.github.usertcp.stack.TcpStack;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;

/**
 * A listening TCP port in user space, as a Netty {@link ServerSocketChannel}: takes the place of {@code NioServerSocketChannel} or
 * {@code EpollServerSocketChannel}.
 *
 * <p>Made by its no-argument constructor it runs over UDP: {@code bind(P)} opens UDP port P, on the channel's own event loop, and
 * listens on TCP port P in it; with P = 0 the kernel chooses. A port in use fails with a {@link java.net.BindException}. When the
 * channel is closed, the UDP port is given back as soon as the last connection it accepted has ended. Made with a {@link TcpStack},
 * it listens on that one and leaves it open; port 0 is then the stack's UDP port, by which clients find it, or any port on plain IP.
 *
 * <p>The accepted channels may be registered to any event loop; their connections live on the stack's, and end with it.
 */
public final class UserTcpServerSocketChannel extends AbstractServerChannel implements ServerSocketChannel {
    private final TcpStack explicitStack;
    private final UserTcpServerSocketChannelConfig config;
    private Unsafe bindingUnsafe; // not initialised here: the super constructor asks for it
    private Runnable shutdownHook;
    private ListenerPort port;
    private boolean readPending;
    private boolean reading;
    private volatile InetSocketAddress local;
    private volatile TcpStack stack;
    private volatile boolean open = true;

    /** A channel that opens a UDP port of its own. */
    public UserTcpServerSocketChannel() {
        explicitStack = null;
        config = new UserTcpServerSocketChannelConfig(this, UserTcpSocketChannelConfig.DEFAULT_SETTINGS);
    }

    /**
     * A channel that listens on the given stack, on whatever event loop.
     * Accepted connections start from the stack's settings, with TCP_NODELAY on.
     */
    public UserTcpServerSocketChannel(TcpStack stack) {
        explicitStack = stack;
        this.stack = stack;
        config = new UserTcpServerSocketChannelConfig(this, stack.config().withoutNagle());
    }

    /** The stack that carries this channel; {@code null} before it is bound. Any thread. */
    public TcpStack stack() {
        return stack;
    }

    @Override
    public UserTcpServerSocketChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && local != null;
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return null;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true; // an event loop that cannot carry a UDP socket says so at bind()
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        shutdownHook = LoopShutdown.onShutdown(eventLoop(), this::closeNow);
        promise.setSuccess();
    }

    @Override
    protected void doDeregister() {
        LoopShutdown.forget(eventLoop(), shutdownHook);
    }

    private void closeNow() {
        unsafe().close(unsafe().voidPromise());
    }

    // ---- binding ----

    /** Netty's own {@code bind} cannot wait, but opening a UDP port, or listening on a stack of another event loop, takes a moment. */
    @Override
    public Unsafe unsafe() {
        if (bindingUnsafe == null) {
            bindingUnsafe = new BindingUnsafe(super.unsafe(), this::bind0);
        }
        return bindingUnsafe;
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException("bound by bind0");
    }

    private void bind0(SocketAddress localAddress, ChannelPromise promise) {
        if (!promise.setUncancellable()) {
            return;
        }
        if (!open) {
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        if (port != null) {
            promise.tryFailure(new AlreadyBoundException());
            return;
        }
        InetSocketAddress address;
        try {
            address = SocketAddresses.checkLocal(localAddress);
        } catch (IllegalArgumentException e) {
            promise.tryFailure(e);
            return;
        }
        ListenerPort opening = new ListenerPort(eventLoop(), explicitStack, this::onAcceptable);
        port = opening;
        opening.bind(address, config, (bound, cause) -> {
            if (cause != null) {
                port = null;
                promise.tryFailure(cause);
            } else if (open) {
                onBound(opening, bound, promise);
            } else {
                promise.tryFailure(new ClosedChannelException());
            }
        });
    }

    private void onBound(ListenerPort opened, InetSocketAddress bound, ChannelPromise promise) {
        stack = opened.stack();
        local = bound;
        // The stack may end before the channel does, by its owner or with its event loop.
        stack.closeFuture().addListener(ended -> opened.onChannelLoop(this::closeNow));
        eventLoop().execute(pipeline()::fireChannelActive); // later: we may be inside of a handler
        promise.trySuccess();
    }

    // ---- accepting ----

    @Override
    protected void doBeginRead() {
        readPending = true;
        if (port != null && !reading) {
            eventLoop().execute(this::onAcceptable);
        }
    }

    private boolean isWanted() {
        return readPending || config.isAutoRead();
    }

    /** There may be something to accept. */
    private void onAcceptable() {
        if (isActive() && isWanted() && !reading) {
            port.accept(config.isAutoRead() ? Integer.MAX_VALUE : 1, this::handOver);
        }
    }

    private void handOver() {
        if (!open || reading || !port.hasAccepted()) {
            return;
        }
        reading = true;
        ChannelPipeline pipeline = pipeline();
        ExtendedHandle handle = (ExtendedHandle) unsafe().recvBufAllocHandle();
        handle.reset(config);
        do {
            ListenerPort.Accepted accepted = port.nextAccepted();
            if (accepted == null) {
                break;
            }
            handle.lastBytesRead(1);
            handle.incMessagesRead(1);
            readPending = false;
            pipeline.fireChannelRead(new UserTcpSocketChannel(this, accepted, config.settings()));
        } while (open && handle.continueReading());
        handle.readComplete();
        pipeline.fireChannelReadComplete();
        reading = false;
        if (open && isWanted()) {
            eventLoop().execute(port.hasAccepted() ? this::handOver : this::onAcceptable);
        }
    }

    /** Options of Fast Open have changed, on any thread. */
    void fastOpenChanged() {
        if (isRegistered()) { // else binding starts from the options as they are then
            if (eventLoop().inEventLoop()) {
                applyFastOpen();
            } else {
                eventLoop().execute(this::applyFastOpen);
            }
        }
    }

    private void applyFastOpen() {
        if (isActive()) {
            port.applyFastOpen(config);
        }
    }

    @Override
    protected void doClose() {
        open = false;
        if (port != null) {
            port.close();
        }
    }
}
