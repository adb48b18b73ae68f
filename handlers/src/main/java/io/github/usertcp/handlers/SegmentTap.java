package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.GuardedListener;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.stack.SegmentListener;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.Objects;

/**
 * Shows a listener every segment between a stack and its link, in both directions. Wrap the link's provider with it where the stack is
 * built. Where nothing stands between stack and link, {@link io.github.usertcp.stack.TcpStack#addListener} does the same of a stack that
 * is running; a tap may stand on either side of an {@link ImpairedLink}.
 *
 * <p>What the listener throws is logged, and the segment goes on its way.
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
        GuardedListener guarded = new GuardedListener(listener);
        provider.open(loop, new TappedReceiver(receiver, guarded)).addListener((Future<Link> opened) -> {
            if (!opened.isSuccess()) {
                tapped.tryFailure(opened.cause());
            } else if (!tapped.trySuccess(new TappedLink(opened.getNow(), guarded))) {
                opened.getNow().close(); // cancelled meanwhile
            }
        });
        return tapped;
    }

    private static final class TappedLink extends ForwardingLink {
        private final GuardedListener listener;

        TappedLink(Link link, GuardedListener listener) {
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
        private final GuardedListener listener;

        TappedReceiver(LinkReceiver receiver, GuardedListener listener) {
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
