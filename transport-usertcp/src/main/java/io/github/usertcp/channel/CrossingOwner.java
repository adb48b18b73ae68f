package io.github.usertcp.channel;

import static io.github.usertcp.channel.Crossing.releaseAll;

import io.github.usertcp.channel.Crossing.Farewell;
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

/** The stack's side of a {@link Crossing}: owns the connection in the channel's name. Everything on the stack's event loop. */
final class CrossingOwner implements ConnectionOwner {
    private final TcpStack stack;
    private final boolean accepted;
    private Crossing crossing;
    private StackConnection connection;
    private TcpConfig appliedConfig;
    private long passedBytes;
    private long takenBytes;
    private boolean channelGone;

    CrossingOwner(TcpStack stack, StackConnection accepted) {
        this.stack = stack;
        this.accepted = accepted != null;
        connection = accepted;
    }

    void join(Crossing shared) {
        crossing = shared;
    }

    StackConnection connection() {
        return connection;
    }

    void open(ConnectRequest request, boolean withData) {
        appliedConfig = request.config();
        try {
            connection = request.open(stack, this);
        } catch (BindException | NoRouteToHostException | RuntimeException e) {
            crossing.connectFailure = e;
            wakeChannel();
            return;
        }
        TcpConnection tcp = connection.tcp();
        if (withData && tcp.synDataRoom() > 0) {
            crossing.writeLimit = tcp.writableBytes();
            crossing.connected = tcp.tuple(); // what the channel writes now comes before the SYN leaves
            wakeChannel();
        } else {
            connection.touch();
        }
    }

    void attach() {
        connection.owner(this);
        run();
    }

    /** The channel's side has published something. Outside of the stack's batches: what is touched here is sent here. */
    void run() {
        exchange(crossing.farewell);
        if (connection == null) {
            releaseAll(crossing.written);
        }
    }

    @Override
    public void onProgress(StackConnection progressed) {
        connection = progressed; // an active open may have news before it has returned the connection
        TcpConnection tcp = progressed.tcp();
        for (TcpEvent event = tcp.pollEvent(); event != null; event = tcp.pollEvent()) {
            if (event == TcpEvent.CONNECTED && !accepted) {
                crossing.writeLimit = Math.max(crossing.writeLimit, tcp.writableBytes());
                crossing.connected = tcp.tuple();
                wakeChannel();
            } else if (event == TcpEvent.CLOSED) {
                passEverything(tcp);
                return;
            }
        }
        // A reset waits for run(), which has been woken for it: in here, inside of a batch, it would overtake what was written before it.
        Farewell decision = crossing.farewell;
        exchange(decision == Farewell.ABORT ? Farewell.NONE : decision);
    }

    private void exchange(Farewell decision) {
        if (connection == null) {
            return;
        }
        TcpConnection tcp = connection.tcp();
        applyConfig(tcp);
        takeWritten(tcp);
        if (decision.compareTo(Farewell.CLOSE) < 0) {
            passReceived(tcp);
        }
        carryOut(decision, tcp);
        if (connection != null) {
            connection.touch();
        }
    }

    private void applyConfig(TcpConnection tcp) {
        TcpConfig config = crossing.config;
        if (config != appliedConfig) {
            appliedConfig = config;
            tcp.reconfigure(config, stack.nowNanos());
        }
    }

    private void takeWritten(TcpConnection tcp) {
        for (ByteBuf data = crossing.written.peek(); data != null; data = crossing.written.peek()) {
            takenBytes += tcp.write(data, stack.nowNanos());
            if (data.isReadable()) {
                break; // the send buffer has been made smaller meanwhile; the rest waits here
            }
            crossing.written.poll().release();
        }
        long limit = takenBytes + tcp.writableBytes();
        if (limit > crossing.writeLimit) {
            crossing.writeLimit = limit;
        }
        if (crossing.writerStarved && limit > takenBytes) {
            wakeChannel();
        }
    }

    private void passReceived(TcpConnection tcp) {
        while (tcp.readableBytes() > 0) {
            long permitted = crossing.readLimit - passedBytes;
            if (permitted <= 0) {
                crossing.readerStarvedAt = passedBytes;
                permitted = crossing.readLimit - passedBytes;
                if (permitted <= 0) {
                    break;
                }
            }
            crossing.readerStarvedAt = -1;
            pass(tcp, (int) Math.min(permitted, Integer.MAX_VALUE));
        }
        if (!crossing.inputEnded && tcp.isInputEnded()) {
            crossing.inputEnded = true;
            wakeChannel();
        }
    }

    private void pass(TcpConnection tcp, int maxBytes) {
        ByteBuf data = tcp.read(maxBytes, stack.nowNanos());
        passedBytes += data.readableBytes();
        crossing.received.add(data);
        wakeChannel();
    }

    /** The connection is gone: what it has received belongs to the channel now, permitted or not, because nobody else will keep it. */
    private void passEverything(TcpConnection tcp) {
        while (tcp.readableBytes() > 0) {
            pass(tcp, Integer.MAX_VALUE);
        }
        if (tcp.isInputEnded()) {
            crossing.inputEnded = true;
        }
        detach();
        end(tcp.closeCause());
    }

    /** Tells the channel that there will be nothing more. Called on the channel's loop if this one has ended. */
    void end(CloseCause cause) {
        releaseAll(crossing.written);
        if (crossing.connected == null && !accepted) {
            crossing.connectFailure = ConnectionErrors.onConnect(cause);
        }
        crossing.farewellDone = true;
        crossing.closeCause = cause;
        wakeChannel();
    }

    private void carryOut(Farewell decision, TcpConnection tcp) {
        if (decision == Farewell.ABORT) {
            connection.touch(); // first what the connection may send: a kernel would have sent it at write()
            if (connection != null) { // else sending has shown that it is gone
                tcp.abort(stack.nowNanos());
                detach();
            }
        } else if (decision != Farewell.NONE && crossing.written.isEmpty()) { // else the next progress tries again
            sayFarewell(decision, tcp);
        }
    }

    private void sayFarewell(Farewell decision, TcpConnection tcp) {
        if (decision == Farewell.SHUTDOWN_OUTPUT) {
            tcp.shutdownOutput(stack.nowNanos());
            return;
        }
        tcp.close(stack.nowNanos());
        if (decision == Farewell.CLOSE) {
            detach();
        } else if (DirectPort.isFarewellDone(tcp)) {
            crossing.farewellDone = true;
            wakeChannel();
        }
    }

    private void detach() {
        connection.detach();
        connection = null;
        releaseAll(crossing.written);
    }

    private void wakeChannel() {
        if (!crossing.channelSide.wake()) {
            // Its event loop has ended without closing the channel: nobody will read, and nobody will write, this field neither.
            channelGone = true;
            crossing.farewell = Farewell.ABORT;
            crossing.stackSide.wake();
        }
        if (channelGone) {
            releaseAll(crossing.received);
        }
    }
}
