package io.github.usertcp.handlers;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.Objects;

/**
 * Shows a listener every segment between a stack and its link, in both directions. Wrap the link's provider with it where the stack is
 * built; a stack without a tap pays nothing for it.
 */
public final class SegmentTap implements LinkProvider {
    private final LinkProvider provider;
    private final SegmentListener listener;

    public SegmentTap(LinkProvider provider, SegmentListener listener) {
        this.provider = Objects.requireNonNull(provider, "provider");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    @Override
    public Future<Link> open(EventLoop loop, LinkReceiver receiver) {
        Promise<Link> tapped = loop.newPromise();
        provider.open(loop, new TappedReceiver(receiver, listener)).addListener((Future<Link> opened) -> {
            if (opened.isSuccess()) {
                tapped.setSuccess(new TappedLink(opened.getNow(), listener));
            } else {
                tapped.setFailure(opened.cause());
            }
        });
        return tapped;
    }

    private record TappedLink(Link link, SegmentListener listener) implements Link {
        @Override
        public EventLoop eventLoop() {
            return link.eventLoop();
        }

        @Override
        public IpAddress localAddress(IpAddress remote) {
            return link.localAddress(remote);
        }

        @Override
        public IpAddress boundAddress() {
            return link.boundAddress();
        }

        @Override
        public int udpPort() {
            return link.udpPort();
        }

        @Override
        public int maxSegmentSize(IpAddress remote) {
            return link.maxSegmentSize(remote);
        }

        @Override
        public int maxPayloadBytes() {
            return link.maxPayloadBytes();
        }

        @Override
        public boolean isWritable() {
            return link.isWritable();
        }

        @Override
        public boolean carriesEcn() {
            return link.carriesEcn();
        }

        @Override
        public int receiveQueueBytes() {
            return link.receiveQueueBytes();
        }

        @Override
        public void write(TcpSegment segment) {
            listener.onSent(segment, link.eventLoop().ticker().nanoTime());
            link.write(segment);
        }

        @Override
        public void flush() {
            link.flush();
        }

        @Override
        public void probe(IpAddress remote, int udpPort) {
            link.probe(remote, udpPort);
        }

        @Override
        public Future<Void> close() {
            return link.close();
        }
    }

    private record TappedReceiver(LinkReceiver receiver, SegmentListener listener) implements LinkReceiver {
        @Override
        public void onSegment(TcpSegment segment, long nowNanos) {
            listener.onReceived(segment, nowNanos);
            receiver.onSegment(segment, nowNanos);
        }

        @Override
        public void onReadComplete(long nowNanos) {
            receiver.onReadComplete(nowNanos);
        }

        @Override
        public void onDropped(DropReason reason) {
            receiver.onDropped(reason);
        }

        @Override
        public void onWritable() {
            receiver.onWritable();
        }

        @Override
        public void onIcmp(IcmpError error, long nowNanos) {
            receiver.onIcmp(error, nowNanos);
        }

        @Override
        public void onUnreachable(IpAddress remote, int udpPort, long nowNanos) {
            receiver.onUnreachable(remote, udpPort, nowNanos);
        }

        @Override
        public void onClosing() {
            receiver.onClosing();
        }

        @Override
        public void onFailed(Throwable cause) {
            receiver.onFailed(cause);
        }

        @Override
        public void onClosed() {
            receiver.onClosed();
        }
    }
}
