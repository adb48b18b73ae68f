package io.github.usertcp.channel;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.stack.TcpStack;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A {@code connect()} under way: its promise, its timeout, and what it does until there is a connection. On the channel's event loop. */
final class ConnectAttempt {
    private final UserTcpSocketChannel channel;
    private final InetSocketAddress remote;
    private final ChannelPromise promise;
    private Future<?> timeout;
    private boolean ended;

    ConnectAttempt(UserTcpSocketChannel channel, InetSocketAddress remote, ChannelPromise promise) {
        this.channel = channel;
        this.remote = remote;
        this.promise = promise;
    }

    /** Connects from {@code explicitStack}, or if there is none, from the event loop's own stack for this source address. */
    void start(TcpStack explicitStack, InetSocketAddress source) {
        int timeoutMillis = channel.config().getConnectTimeoutMillis();
        if (timeoutMillis > 0) {
            timeout = channel.eventLoop().schedule(() -> timeOut(timeoutMillis), timeoutMillis, TimeUnit.MILLISECONDS);
        }
        promise.addListener(done -> {
            if (done.isCancelled()) {
                close();
            }
        });
        ConnectRequest request = new ConnectRequest(IpAddress.of(source.getAddress()), source.getPort(),
            IpAddress.of(remote.getAddress()), remote.getPort(), channel.config().settings());
        if (explicitStack != null) {
            connectOver(explicitStack, request);
            return;
        }
        ClientStacks.open(channel.eventLoop(), request.local()).addListener((Future<TcpStack> opened) -> {
            if (opened.isSuccess()) {
                connectOver(opened.getNow(), request);
            } else if (!ended) {
                unsafe().onConnectFailed(opened.cause());
            }
        });
    }

    private void connectOver(TcpStack stack, ConnectRequest request) {
        if (!ended) {
            unsafe().connectOver(stack, request);
        }
    }

    private void timeOut(int millis) {
        if (promise.tryFailure(new ConnectTimeoutException("connection timed out after " + millis + " ms: " + remote))) {
            close();
        }
    }

    /** @return false if the user has cancelled */
    boolean succeed() {
        end();
        return promise.trySuccess();
    }

    void fail(Throwable cause) {
        end();
        promise.tryFailure(cause);
    }

    private void close() {
        end();
        unsafe().close(unsafe().voidPromise());
    }

    private void end() {
        ended = true;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    private UserTcpSocketChannel.UserTcpUnsafe unsafe() {
        return (UserTcpSocketChannel.UserTcpUnsafe) channel.unsafe();
    }
}
