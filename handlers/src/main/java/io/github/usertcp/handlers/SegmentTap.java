package io.github.usertcp.handlers;

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

    private static final class TappedLink extends ForwardingLink {
        private final SegmentListener listener;

        TappedLink(Link link, SegmentListener listener) {
            super(link);
            this.listener = listener;
        }

        @Override
        public void write(TcpSegment segment) {
            listener.onSent(segment, link.eventLoop().ticker().nanoTime());
            link.write(segment);
        }
    }

    private static final class TappedReceiver extends ForwardingReceiver {
        private final SegmentListener listener;

        TappedReceiver(LinkReceiver receiver, SegmentListener listener) {
            super(receiver);
            this.listener = listener;
        }

        @Override
        public void onSegment(TcpSegment segment, long nowNanos) {
            listener.onReceived(segment, nowNanos);
            receiver.onSegment(segment, nowNanos);
        }
    }
}
