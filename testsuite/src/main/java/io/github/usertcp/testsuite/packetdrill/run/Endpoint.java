package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.channel.UserTcpChannelOption;
import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.stack.FastOpenKeys;
import io.github.usertcp.tcp.TcpConfigBuilder;
import io.github.usertcp.tcp.TcpInfo;
import io.github.usertcp.tcp.TcpState;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;

/**
 * A socket as a script sees it, on the channels as an application sees them: with {@code read()} instead of auto-read, and half-closure.
 * Every call returns {@code null} where a blocking socket would wait; it is then tried again.
 */
final class Endpoint {
    private static final int MIN_SEND_BUFFER_BYTES = 4608;
    private static final long UNSIGNED_MAX = 0xFFFF_FFFFL;

    private final Machine machine;
    private final ChannelOptions options = new ChannelOptions();
    private final PullAllocator allocator = new PullAllocator();
    private final SendBuffer sendBuffer;
    private final ZeroWriter writer;
    private Inbox inbox = new Inbox();
    private ListeningSocket listening;
    private UserTcpSocketChannel channel;
    private ChannelFuture connecting;
    private ChannelFuture initialData;
    private ChannelFuture closing;
    private InetSocketAddress bound;
    private InetSocketAddress deferredTo;
    private boolean connectionTold;
    private boolean inputShut;
    private long consumed;
    private int soLinger = -1;
    boolean nonBlocking;
    Flow flow;

    Endpoint(Machine machine) {
        this(machine, machine.settings().sendBuffer());
    }

    private Endpoint(Machine machine, SendBuffer sendBuffer) {
        this.machine = machine;
        this.sendBuffer = sendBuffer;
        writer = new ZeroWriter(machine.loop(), sendBuffer);
    }

    private Endpoint(Endpoint listener, UserTcpSocketChannel child) {
        this(listener.machine, new SendBuffer(listener.sendBuffer));
        channel = child;
        connectionTold = true;
        child.config().setAutoRead(false).setAllowHalfClosure(true).setRecvByteBufAllocator(allocator);
        child.pipeline().addLast(inbox);
        machine.register(child);
    }

    boolean isListening() {
        return listening != null;
    }

    /** The channel's remote port, by which an accepted connection is recognized. */
    int remotePort() {
        return channel.remoteAddress().getPort();
    }

    /** It has taken its settings, for handshakes that are still to come or to end. */
    boolean isOpening() {
        return closing == null && (isListening() || isConnecting());
    }

    // ---- options

    private Channel current() {
        return listening != null ? listening.channel() : channel;
    }

    <T> void option(ChannelOption<T> option, T value) {
        options.set(option, value, current());
    }

    /** SO_SNDBUF as Linux has it: what is set is doubled, for the overhead. */
    void sendBufferBytes(int bytes) {
        sendBuffer.fix(Math.max(MIN_SEND_BUFFER_BYTES, 2L * bytes));
        writer.resized();
        option(ChannelOption.SO_SNDBUF, 2 * bytes + SendBuffer.HEADROOM_BYTES);
    }

    /** TCP_NOTSENT_LOWAT, which bounds what a write begins to take, not what it takes. */
    void unsentLowWaterBytes(long bytes) {
        sendBuffer.lowWater(bytes);
        option(UserTcpChannelOption.TCP_NOTSENT_LOWAT, bytes == 0 ? 0 : Math.min(UNSIGNED_MAX, bytes + SendBuffer.HEADROOM_BYTES));
    }

    void linger(int seconds) {
        soLinger = seconds;
        if (channel != null) {
            channel.config().setSoLinger(seconds);
        }
    }

    // ---- opening

    Outcome bind(InetSocketAddress address) {
        bound = address;
        return Outcome.of(0);
    }

    Outcome listen(int backlog) {
        listening = new ListeningSocket(machine, backlog, options::applyTo);
        return listening.bind(bound);
    }

    /** A connection, or {@code null} if none waits. */
    Endpoint accept() {
        UserTcpSocketChannel accepted = listening.accept();
        if (accepted == null) {
            return null;
        }
        Endpoint child = new Endpoint(this, accepted);
        machine.loop().drain();
        return child;
    }

    boolean hasAccepted() {
        return listening.hasAccepted();
    }

    Outcome connect(InetSocketAddress remote) {
        if (deferredTo != null) {
            return Outcome.error("EISCONN");
        }
        if (connecting == null) {
            if (options.isSet(ChannelOption.TCP_FASTOPEN_CONNECT) && synDataRoom(remote) >= 0) {
                deferredTo = remote; // as Linux does: the SYN waits for the first write
                return Outcome.of(0);
            }
            startConnecting(remote, 0);
        } else if (connecting.isSuccess() && connectionTold) {
            return Outcome.error("EISCONN");
        }
        if (isConnecting()) {
            return null;
        }
        connectionTold = true;
        Throwable cause = connecting.isSuccess() ? inbox.takeError() : connecting.cause();
        if (cause == null) {
            return Outcome.of(0);
        }
        connecting = null;
        inbox.takeError();
        return Outcome.error(Errno.of(cause));
    }

    /** Also while the SYN is unanswered of a connect that has succeeded because data went with it. */
    boolean isConnecting() {
        return connecting != null && (!connecting.isDone() || info() != null && info().state() == TcpState.SYN_SENT);
    }

    private void startConnecting(InetSocketAddress remote, int length) {
        channel = UserTcpChannels.clients(machine.stack()).newChannel();
        options.applyTo(channel);
        channel.config().setAutoRead(false).setAllowHalfClosure(true).setConnectTimeoutMillis(0).setRecvByteBufAllocator(allocator);
        channel.config().setSoLinger(soLinger);
        channel.pipeline().addLast(inbox);
        machine.register(channel);
        if (length > 0) {
            initialData = channel.write(channel.alloc().buffer(length).writeZero(length));
        }
        connecting = channel.connect(remote, bound);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                inbox.fail(done.cause());
            }
        });
        machine.loop().drain();
    }

    // ---- fast open

    /** The address of a connect that waits for the first write, {@code null} if there is none. */
    InetSocketAddress deferredTo() {
        return deferredTo;
    }

    /** Why no fast open can begin, {@code null} if one can. */
    Outcome refusesFastOpen() {
        if (!machine.fastOpen().hasClient()) {
            return Outcome.error("EOPNOTSUPP");
        }
        return channel == null ? null : Outcome.error(isConnecting() ? "EALREADY" : "EISCONN");
    }

    /** Of listeners without keys of their own. */
    FastOpenKeys stackFastOpenKeys() {
        return machine.fastOpen().keys();
    }

    /** Starts to connect by a SYN that asks for a cookie or carries data; what of it does not fit follows. */
    void connectWithData(InetSocketAddress remote, long length) {
        deferredTo = null;
        option(ChannelOption.TCP_FASTOPEN_CONNECT, true);
        startConnecting(remote, (int) length);
    }

    /** All of it is in the send buffer or further on. */
    boolean isInitialDataTaken() {
        return initialData == null || initialData.isDone();
    }

    /** What a SYN could carry; -1 if it would ask for a cookie. */
    int synDataRoom(InetSocketAddress remote) {
        TcpConfigBuilder config = machine.stack().config().toBuilder().fastOpenConnect(true)
            .fastOpenWithoutCookie(options.isSet(UserTcpChannelOption.TCP_FASTOPEN_NO_COOKIE));
        if (options.get(UserTcpChannelOption.TCP_MAXSEG) instanceof Integer maxSegment) {
            config.maxSegmentSize(maxSegment);
        }
        return machine.stack().fastOpenCache().synDataRoom(IpAddress.of(remote.getAddress()), remote.getPort(), config.build());
    }

    // ---- moving bytes

    private boolean isConnected() {
        return channel != null && (connecting == null || connecting.isSuccess());
    }

    Outcome read(long max) {
        if (!isConnected()) {
            return isConnecting() || deferredTo != null ? null : Outcome.error("ENOTCONN");
        }
        if (max > 0 && mayRead()) {
            allocator.limit((int) Math.min(max, Integer.MAX_VALUE));
            channel.read();
            machine.loop().drain();
        }
        int bytes = inbox.takeBytes();
        consumed += bytes;
        if (bytes > 0 || max == 0) {
            return Outcome.of(bytes);
        }
        return readNothing();
    }

    /** Like {@link #read}, but what is there stays there. */
    Outcome peek(long max) {
        long there = isConnected() ? Math.min(max, readableBytes()) : 0;
        return there > 0 ? Outcome.of(there) : isConnected() ? readNothing() : read(max);
    }

    private Outcome readNothing() {
        if (inbox.hasError()) {
            return Outcome.error(Errno.of(inbox.takeError()));
        }
        return inputShut || inbox.isEnded() || channel.isInputShutdown() ? Outcome.of(0) : null;
    }

    /** Not if there is nothing: the channel would remember that it was asked, and take what comes later before the script does. */
    private boolean mayRead() {
        return info() == null ? !inbox.isEnded() : readableBytes() > 0;
    }

    /**
     * Up to {@code length} zeros, as many as the send buffer has room for.
     *
     * @param more    MSG_MORE: a rest that fills no segment waits for the next write, as under a cork
     * @param waited  an attempt of the same call before found no room
     */
    Outcome write(long length, boolean more, boolean waited) {
        if (isConnecting()) {
            return null;
        }
        if (inbox.hasError()) {
            return Outcome.error(Errno.of(inbox.takeError()));
        }
        if (!isConnected() || !channel.isActive() || channel.isOutputShutdown() || inbox.isErrorTold()) {
            return Outcome.error("EPIPE"); // also of an error told before: a socket has each only once
        }
        if (waited && !isWritable()) {
            return null;
        }
        boolean corked = options.isSet(UserTcpChannelOption.TCP_CORK);
        if (more) {
            channel.config().setOption(UserTcpChannelOption.TCP_CORK, true);
        }
        Outcome outcome = writer.write(channel, length);
        if (!more && !corked && channel.config().getOption(UserTcpChannelOption.TCP_CORK)) {
            channel.config().setOption(UserTcpChannelOption.TCP_CORK, false); // of a MSG_MORE before
            machine.loop().drain();
        }
        return outcome;
    }

    /** The send buffer would take something more. */
    boolean isWritable() {
        TcpInfo info = info();
        return info == null || sendBuffer.isWritable(info);
    }

    /** Bytes that {@code read} would find. */
    long readableBytes() {
        TcpInfo info = info();
        return info == null ? 0 : Math.max(0, info.bytesReceived() - consumed);
    }

    /** There is no connection any more, or never was one. */
    boolean isGone() {
        TcpInfo info = info();
        return info == null || info.state() == TcpState.CLOSED;
    }

    boolean isInputEnded() {
        return inputShut || inbox.isEnded();
    }

    boolean isOutputShutdown() {
        return channel != null && channel.isOutputShutdown();
    }

    boolean hasError() {
        return inbox.hasError();
    }

    /** SO_ERROR: the error, once; the empty text if there is none. */
    String takeError() {
        Throwable cause = inbox.takeError();
        return cause == null ? "" : Errno.of(cause);
    }

    /** {@code null} if there is no connection. */
    TcpInfo info() {
        return channel == null ? null : ZeroWriter.info(channel);
    }

    // ---- closing

    Outcome shutdown(boolean input, boolean output) {
        if (!isConnected() || !channel.isActive()) {
            return Outcome.error("ENOTCONN");
        }
        inputShut |= input; // what arrives all the same can still be read, as on Linux; the channel would throw it away
        if (output) {
            channel.shutdownOutput();
        }
        machine.loop().drain();
        return Outcome.of(0);
    }

    /** {@code connect(AF_UNSPEC)}: gives the connection up, with a reset where it was one, so that the socket can connect anew. */
    Outcome disconnect() {
        if (channel != null) {
            channel.config().setSoLinger(0);
            channel.close();
            machine.loop().drain();
        }
        channel = null;
        connecting = null;
        connectionTold = false;
        inputShut = false;
        consumed = 0;
        inbox = new Inbox();
        flow = null;
        return Outcome.of(0);
    }

    Outcome close() {
        if (closing == null) {
            if (listening != null) {
                listening.dropAccepted();
            }
            Channel current = current();
            if (current == null) {
                return Outcome.of(0);
            }
            closing = current.close();
            machine.loop().drain();
        }
        return closing.isDone() ? Outcome.of(0) : null;
    }
}
