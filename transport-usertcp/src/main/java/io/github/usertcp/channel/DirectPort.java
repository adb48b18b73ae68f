package io.github.usertcp.channel;

import io.github.usertcp.stack.ConnectionOwner;
import io.github.usertcp.stack.StackConnection;
import io.github.usertcp.stack.TcpStack;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConfig;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpEvent;
import io.netty.buffer.ByteBuf;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.util.concurrent.RejectedExecutionException;

/** Channel and connection on one event loop: plain calls. */
final class DirectPort extends ConnectionPort implements ConnectionOwner {
    private StackConnection connection;
    private boolean established;
    private boolean lingering;
    private boolean closed;
    private CloseCause closeCause;

    DirectPort(TcpStack stack, StackConnection accepted, PortOwner owner) {
        super(stack, owner);
        connection = accepted;
        established = accepted != null;
    }

    @Override
    void connect(ConnectRequest request, boolean withData) {
        try {
            connection = request.open(stack, this);
        } catch (BindException | NoRouteToHostException | RuntimeException e) {
            closed = true;
            owner.onConnectFailed(e);
            return;
        }
        if (withData && connection.tcp().synDataRoom() > 0) {
            established = true;
            owner.onConnected(connection.tcp().tuple());
        } else {
            connection.touch();
        }
    }

    @Override
    void attach(TcpConfig config) {
        reconfigure(config);
        // Later, because the connection may have news at once, and the channel is still being registered.
        stack.eventLoop().execute(() -> {
            if (!closed) {
                connection.owner(this);
            }
        });
    }

    @Override
    public void onProgress(StackConnection progressed) {
        if (closed) {
            return;
        }
        TcpConnection tcp = progressed.tcp();
        boolean connected = false;
        boolean writable = false;
        boolean input = false;
        for (TcpEvent event = tcp.pollEvent(); event != null; event = tcp.pollEvent()) {
            switch (event) {
                case CONNECTED -> connected = true;
                case WRITABLE -> writable = true;
                case READABLE, END_OF_INPUT -> input = true;
                case CLOSED -> {
                    closeCause = tcp.closeCause();
                    input = true;
                }
            }
        }
        if (lingering) {
            tellOfFarewell(tcp);
            return;
        }
        if (!established && !tellOfConnect(tcp, connected)) {
            return;
        }
        if (writable && !closed) {
            owner.onWritable();
        }
        if (input && !closed) {
            owner.onInput();
        }
    }

    private boolean tellOfConnect(TcpConnection tcp, boolean connected) {
        if (connected) {
            established = true;
            owner.onConnected(tcp.tuple());
            return true;
        }
        if (closeCause != null) {
            close();
            owner.onConnectFailed(ConnectionErrors.onConnect(closeCause));
        }
        return false;
    }

    private void tellOfFarewell(TcpConnection tcp) {
        if (isFarewellDone(tcp)) {
            lingering = false;
            owner.onFarewellDone();
        }
    }

    /** Our FIN is acknowledged, or nothing is left that could be. */
    static boolean isFarewellDone(TcpConnection tcp) {
        return switch (tcp.state()) {
            case FIN_WAIT_2, TIME_WAIT, CLOSED -> true;
            default -> false;
        };
    }

    @Override
    int writableBytes() {
        return closed ? 0 : connection.tcp().writableBytes();
    }

    @Override
    int write(ByteBuf data, int length) {
        if (closed) {
            return 0;
        }
        if (length < data.readableBytes()) {
            return connection.tcp().write(data.slice(data.readerIndex(), length), stack.nowNanos());
        }
        int start = data.readerIndex();
        int taken = connection.tcp().write(data, stack.nowNanos());
        data.readerIndex(start);
        return taken;
    }

    @Override
    void flush() {
        if (!closed) {
            connection.touch();
        }
    }

    @Override
    ByteBuf read(int maxBytes) {
        return isReadable() ? connection.tcp().read(maxBytes, stack.nowNanos()) : null;
    }

    @Override
    boolean isReadable() {
        return !closed && !lingering && connection.tcp().readableBytes() > 0;
    }

    @Override
    boolean isInputEnded() {
        return !closed && !lingering && connection.tcp().isInputEnded();
    }

    @Override
    CloseCause closeCause() {
        return closeCause;
    }

    @Override
    void permitReading() {
        if (!closed) {
            touchUnlessSynWaits(); // the connection opened its window by being read; somebody has to send the update
        }
    }

    /** A SYN that can take data along waits for it. */
    private void touchUnlessSynWaits() {
        if (connection.tcp().synDataRoom() == 0) {
            connection.touch();
        }
    }

    @Override
    void shutdownOutput() {
        if (!closed) {
            connection.tcp().shutdownOutput(stack.nowNanos());
            connection.touch();
        }
    }

    @Override
    void reconfigure(TcpConfig config) {
        if (!closed && connection != null && connection.tcp().config() != config) {
            connection.tcp().reconfigure(config, stack.nowNanos());
            touchUnlessSynWaits();
        }
    }

    @Override
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (connection != null) {
            connection.tcp().close(stack.nowNanos());
            leave();
        }
    }

    @Override
    void abort() {
        if (closed) {
            return;
        }
        closed = true;
        if (connection == null) {
            return;
        }
        // A kernel would have sent, at write(), what the windows allow. Within
        // a read batch that happens at its end, so the RST waits for it.
        try {
            stack.eventLoop().execute(this::reset);
        } catch (RejectedExecutionException e) {
            reset();
        }
    }

    private void reset() {
        connection.tcp().abort(stack.nowNanos());
        leave();
    }

    private void leave() {
        connection.detach();
        connection = null;
    }

    @Override
    void closeLingering() {
        lingering = true;
        connection.tcp().close(stack.nowNanos());
        connection.touch();
        tellOfFarewell(connection.tcp());
    }

    @Override
    StackConnection connection() {
        return connection;
    }
}
