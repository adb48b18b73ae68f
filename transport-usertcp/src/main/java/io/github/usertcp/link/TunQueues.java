package io.github.usertcp.link;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.tun.TunDevice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The links to the queues of one device, and what strays from one to another. The kernel gives a flow's packets to the
 * queue that last sent one of that flow, but it does not know of it before the answer to the first packet is on its way, and has forgotten
 * it after three idle seconds; and it finds the queue for an ICMP message without looking at the flow that it is about. Then it chooses by
 * hash. What is for no connection of the stack it comes to is offered to the others, one after the other, on their event loops.
 *
 * <p>Source ports are shared out, so that no two stacks open the same connection. Thread-safe.
 */
final class TunQueues {
    /** Bounds memory if one event loop stands still; what is more than that is lost, and sent again by its sender. */
    private static final int MAX_STRAYS = 1024;

    private final AtomicInteger strays = new AtomicInteger();
    private volatile List<TunLink> links = List.of();

    /** Opens a queue of the device that the others are of, if there are any, else of the one with that name. */
    synchronized TunDevice open(String name, boolean offload) throws IOException {
        return TunDevice.open(links.isEmpty() ? name : links.get(0).deviceName(), true, offload);
    }

    synchronized void join(TunLink link) {
        List<TunLink> more = new ArrayList<>(links);
        more.add(link);
        links = List.copyOf(more);
    }

    synchronized void leave(TunLink link) {
        links = links.stream().filter(other -> other != link).toList();
    }

    boolean isPortOf(TunLink link, int port) {
        List<TunLink> all = links;
        return all.size() < 2 || all.get(port % all.size()) == link;
    }

    boolean passOn(TunLink from, TcpSegment segment) {
        return passOn(new Stray(from) {
            @Override
            boolean isTakenBy(LinkReceiver receiver, long nowNanos) {
                return receiver.onStray(segment, nowNanos);
            }

            @Override
            void returnTo(LinkReceiver receiver, long nowNanos) {
                receiver.onUnclaimed(segment, nowNanos);
            }

            @Override
            void drop() {
                segment.release();
            }
        });
    }

    boolean passOn(TunLink from, IcmpError error) {
        return passOn(new Stray(from) {
            @Override
            boolean isTakenBy(LinkReceiver receiver, long nowNanos) {
                return receiver.onStray(error, nowNanos);
            }

            @Override
            void returnTo(LinkReceiver receiver, long nowNanos) {
                receiver.onUnclaimed(error, nowNanos);
            }

            @Override
            void drop() {
                // nothing held
            }
        });
    }

    private boolean passOn(Stray stray) {
        if (links.size() < 2) {
            return false;
        }
        if (strays.incrementAndGet() > MAX_STRAYS) {
            strays.decrementAndGet();
            stray.drop();
        } else {
            stray.goOn();
        }
        return true;
    }

    /** Something on its way from link to link. */
    private abstract class Stray implements Runnable {
        private final TunLink origin;
        private final Iterator<TunLink> others = links.iterator();
        private TunLink next;

        Stray(TunLink origin) {
            this.origin = origin;
        }

        abstract boolean isTakenBy(LinkReceiver receiver, long nowNanos);

        abstract void returnTo(LinkReceiver receiver, long nowNanos);

        abstract void drop();

        /** To the next other link, and at last back to where it came from. */
        final void goOn() {
            do {
                next = others.hasNext() ? others.next() : null;
            } while (next == origin);
            try {
                (next != null ? next : origin).eventLoop().execute(this);
            } catch (RejectedExecutionException e) {
                if (next != null) {
                    goOn(); // that event loop has ended, and its stack with it
                } else {
                    end();
                    drop();
                }
            }
        }

        @Override
        public final void run() {
            if (next == null) {
                end();
                returnTo(origin.receiver(), origin.nowNanos());
            } else if (next.isOpen() && isTakenBy(next.receiver(), next.nowNanos())) {
                end();
            } else {
                goOn();
            }
        }

        private void end() {
            strays.decrementAndGet();
        }
    }
}
