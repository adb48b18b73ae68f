package io.github.usertcp.channel;

import io.github.usertcp.stack.StackConnection;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpInfo;
import io.github.usertcp.tcp.TcpTuple;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Executor;

/**
 * A TCP connection in user space, as a Netty {@link SocketChannel}: takes the place of
 * {@code NioSocketChannel} or {@code EpollSocketChannel} without a change to pipeline, handlers or options.
 *
 * <p>Made by its no-argument constructor it runs over UDP: {@code connect(host:P)} sends to UDP port P, where a
 * {@link UserTcpServerSocketChannel} bound to P listens, from one UDP socket that all such channels of an event loop
 * share. Made with a {@link TcpStack} it uses that one, wherever its event loop. Addresses shown are those of TCP.
 *
 * <p>Any event loop will do. If it is the stack's own, bytes move by plain calls; if not, they cross threads in batches. A connection lives
 * on its stack's event loop and ends with it, so an accepted channel does not outlive the event loop its server channel is registered to.
 *
 * <p>A write's promise succeeds when the send buffer (SO_SNDBUF) has taken the bytes, as with kernel sockets. Buffers of at least
 * {@link UserTcpChannelOption#ZERO_COPY_THRESHOLD} bytes are not copied but retained until the peer has acknowledged them: don't
 * modify one after writing it, promise or not.
 *
 * <p>What is flushed from within a handler leaves when the event loop has finished the read batch that called the handler: one that
 * blocks holds back its own writes, where a kernel would send them meanwhile.
 *
 * <p>{@code bind()} before {@code connect()} only notes the address: a port in use is reported by
 * {@code connect()}, with a {@link java.net.BindException}, and an ephemeral one is chosen there.
 */
public final class UserTcpSocketChannel extends DuplexStreamChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final TcpStack explicitStack;
    private final StackConnection accepted;
    private final UserTcpSocketChannelConfig config;
    private final StreamReader reader = new StreamReader(this);
    private final StreamWriter writer = new StreamWriter(this);
    private Runnable shutdownHook;
    private ConnectAttempt connecting;
    private volatile ConnectionPort port;
    private volatile TcpTuple tuple;
    private volatile InetSocketAddress requestedLocal;
    private volatile InetSocketAddress requestedRemote;
    private volatile boolean open = true;
    private volatile boolean outputShutdown;
    private LingeringClose lingering;

    /** A channel over UDP, to connect from its event loop's shared UDP socket. */
    public UserTcpSocketChannel() {
        this(null, null, null, UserTcpSocketChannelConfig.DEFAULT_SETTINGS);
    }

    /** A channel to connect from the given stack, on whatever event loop. Its settings start as the stack's, with TCP_NODELAY on. */
    public UserTcpSocketChannel(TcpStack stack) {
        this(null, stack, null, stack.config().withoutNagle());
    }

    /** A channel for a connection that {@code parent} has accepted. */
    UserTcpSocketChannel(UserTcpServerSocketChannel parent, ListenerPort.Accepted accepted, TcpConfig settings) {
        this(parent, parent.stack(), accepted.connection(), settings);
        tuple = accepted.tuple();
    }

    private UserTcpSocketChannel(UserTcpServerSocketChannel parent, TcpStack stack, StackConnection accepted, TcpConfig settings) {
        super(parent);
        explicitStack = stack;
        this.accepted = accepted;
        config = new UserTcpSocketChannelConfig(this, settings);
    }

    /** The stack that carries this channel's connection; {@code null} before there is one. Any thread. */
    public TcpStack stack() {
        ConnectionPort current = port;
        return current == null ? explicitStack : current.stack;
    }

    /**
     * A snapshot of the connection in the vocabulary of Linux's {@code tcp_info}. Any thread; done at once on the stack's event
     * loop. Fails with a {@link NotYetConnectedException} before there is a connection and a {@link ClosedChannelException} after.
     */
    public Future<TcpInfo> tcpInfo() {
        if (tuple != null && port != null) {
            return port.info();
        }
        return GlobalEventExecutor.INSTANCE.newFailedFuture(open ? new NotYetConnectedException() : new ClosedChannelException());
    }

    // ---- what it is ----

    @Override
    public UserTcpSocketChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && tuple != null;
    }

    @Override
    public boolean isInputShutdown() {
        return reader.isShutdown() || !isActive();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || !isActive();
    }

    @Override
    protected SocketAddress localAddress0() {
        TcpTuple connected = tuple;
        if (connected != null) {
            return new InetSocketAddress(connected.localAddress().toInetAddress(), connected.localPort());
        }
        // What is still to be chosen must not be shown: the super class remembers it.
        InetSocketAddress requested = requestedLocal;
        return requested == null || requested.getPort() == 0 || requested.getAddress().isAnyLocalAddress() ? null : requested;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        TcpTuple connected = tuple;
        if (connected == null) {
            return null;
        }
        InetSocketAddress requested = requestedRemote; // keeps the host name the user gave
        return requested != null ? requested : new InetSocketAddress(connected.remoteAddress().toInetAddress(), connected.remotePort());
    }

    // ---- half-closure ----

    @Override
    void shutdownInputNow(ChannelPromise promise) {
        if (isActive()) {
            reader.shutdown();
            promise.trySuccess();
        } else {
            promise.tryFailure(open ? new NotYetConnectedException() : new ClosedChannelException());
        }
    }

    @Override
    void shutdownOutputNow(ChannelPromise promise) {
        ((UserTcpUnsafe) unsafe()).shutdownOutput(promise);
    }

    @Override
    protected void doShutdownOutput() {
        if (!isActive()) {
            throw new NotYetConnectedException();
        }
        outputShutdown = true;
        port.shutdownOutput();
    }

    // ---- life ----

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true; // bytes come from the stack, and an event loop that cannot carry a stack is told so when one is opened
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        if (port != null) {
            promise.setFailure(new IllegalStateException("a connection cannot leave its event loop for another one"));
            return;
        }
        shutdownHook = LoopShutdown.onShutdown(eventLoop(), this::onLoopShutdown);
        if (accepted != null) {
            port = ConnectionPort.toAccepted(accepted, eventLoop(), (UserTcpUnsafe) unsafe());
            port.attach(config.settings());
        }
        promise.setSuccess();
    }

    @Override
    protected void doDeregister() {
        LoopShutdown.forget(eventLoop(), shutdownHook);
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        requestedLocal = SocketAddresses.checkLocal(localAddress);
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBeginRead() {
        reader.beginRead();
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        return StreamWriter.checked(message);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        if (!writer.write(in, port)) {
            eventLoop().execute(((UserTcpUnsafe) unsafe())::flush0);
        }
    }

    @Override
    protected void doClose() {
        if (!open) {
            return;
        }
        open = false;
        if (connecting != null) {
            connecting.fail(new ClosedChannelException());
            connecting = null;
        }
        boolean reset = config.getSoLinger() == 0;
        if (port == null) {
            if (accepted != null) {
                ConnectionPort.drop(accepted, reset);
            }
        } else if (reset) {
            port.abort();
        } else {
            port.close();
        }
    }

    // ---- for the rest of the package ----

    ConnectionPort port() {
        return port;
    }

    /** Closed, or only waiting for the peer to acknowledge the farewell: the pipeline is not to hear of any more input. */
    boolean isClosing() {
        return !open || lingering != null;
    }

    void autoReadCleared() {
        whenOnEventLoop(reader::clearReadPending);
    }

    /** Settings have changed, on any thread. */
    void settingsChanged() {
        whenOnEventLoop(() -> {
            if (port != null && open) {
                port.reconfigure(config.settings());
            }
        });
    }

    private void whenOnEventLoop(Runnable action) {
        if (isRegistered()) { // else registration starts from the settings as they are then
            onEventLoop(action);
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new UserTcpUnsafe();
    }

    /** What the event loop has ended is closed, lingering or not. */
    private void onLoopShutdown() {
        if (lingering != null) {
            lingering.end();
        }
        unsafe().close(unsafe().voidPromise());
    }

    /** The transport's own entrance: connecting, flushing, lingering, and what the port has to tell. */
    final class UserTcpUnsafe extends AbstractUnsafe implements PortOwner {
        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (connecting != null) {
                    throw new ConnectionPendingException();
                }
                if (isActive()) {
                    throw new AlreadyConnectedException();
                }
                InetSocketAddress remote = SocketAddresses.checkRemote(remoteAddress);
                if (localAddress != null) {
                    doBind(localAddress);
                }
                requestedRemote = remote;
                connecting = new ConnectAttempt(UserTcpSocketChannel.this, remote, promise);
            } catch (Throwable t) {
                promise.tryFailure(annotateConnectException(t, remoteAddress));
                return;
            }
            connecting.start(explicitStack, SocketAddresses.source(requestedLocal, requestedRemote));
        }

        /** A stack is there to connect from. */
        void connectOver(TcpStack stack, ConnectRequest request) {
            port = ConnectionPort.toConnect(stack, eventLoop(), this);
            port.connect(request, request.config().fastOpenConnect() && StreamWriter.flushForSyn(outboundBuffer()));
        }

        @Override
        public void onConnected(TcpTuple established) {
            tuple = established;
            ConnectAttempt attempt = connecting;
            connecting = null;
            reader.connected(port);
            boolean active = isActive(); // before a listener of the promise closes the channel: what has happened is told
            boolean succeeded = attempt.succeed();
            if (active) {
                pipeline().fireChannelActive();
            }
            if (!succeeded) {
                close(voidPromise());
            }
            flush0(); // what was flushed while connecting
            port.flush(); // with TCP Fast Open the SYN waits for it, whether or not anything was written
        }

        @Override
        public void onConnectFailed(Throwable cause) {
            ConnectAttempt attempt = connecting;
            connecting = null;
            // It's not the remote address that a BindException is about.
            attempt.fail(cause instanceof BindException ? cause : annotateConnectException(cause, requestedRemote));
            close(voidPromise());
        }

        @Override
        public void onWritable() {
            if (writer.isBlocked()) {
                writer.unblock();
                flush0();
            }
        }

        @Override
        public void onInput() {
            reader.run();
            if (writer.isBlocked() && port.closeCause() != null) {
                flush0(); // to fail what nobody will take any more
            }
        }

        @Override
        protected void flush0() {
            if (connecting == null && (!writer.isBlocked() || port.closeCause() != null)) {
                super.flush0();
            }
        }

        @Override
        protected Executor prepareToClose() {
            if (config.getSoLinger() <= 0 || !isActive() || port.closeCause() != null) {
                return null;
            }
            lingering = new LingeringClose(port, eventLoop(), config.getSoLinger());
            return lingering;
        }

        @Override
        public void onFarewellDone() {
            lingering.end();
        }
    }
}
