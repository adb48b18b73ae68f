package io.github.usertcp.channel;

import io.netty.channel.Channel.Unsafe;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.net.SocketAddress;

/** Another {@link Unsafe} with a {@code bind} that may complete later. */
record BindingUnsafe(Unsafe other, Binding binding) implements Unsafe {
    /** Binds, and completes the promise sooner or later. */
    @FunctionalInterface
    interface Binding {
        void bind(SocketAddress localAddress, ChannelPromise promise);
    }

    @Override
    public void bind(SocketAddress localAddress, ChannelPromise promise) {
        binding.bind(localAddress, promise);
    }

    @Override
    @SuppressWarnings("deprecation")
    public RecvByteBufAllocator.Handle recvBufAllocHandle() {
        return other.recvBufAllocHandle();
    }

    @Override
    public SocketAddress localAddress() {
        return other.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return other.remoteAddress();
    }

    @Override
    public void register(EventLoop eventLoop, ChannelPromise promise) {
        other.register(eventLoop, promise);
    }

    @Override
    public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
        other.connect(remoteAddress, localAddress, promise);
    }

    @Override
    public void disconnect(ChannelPromise promise) {
        other.disconnect(promise);
    }

    @Override
    public void close(ChannelPromise promise) {
        other.close(promise);
    }

    @Override
    public void closeForcibly() {
        other.closeForcibly();
    }

    @Override
    public void deregister(ChannelPromise promise) {
        other.deregister(promise);
    }

    @Override
    public void beginRead() {
        other.beginRead();
    }

    @Override
    public void write(Object message, ChannelPromise promise) {
        other.write(message, promise);
    }

    @Override
    public void flush() {
        other.flush();
    }

    @Override
    public ChannelPromise voidPromise() {
        return other.voidPromise();
    }

    @Override
    public ChannelOutboundBuffer outboundBuffer() {
        return other.outboundBuffer();
    }
}
