package io.github.usertcp.link;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.tun.TunDevice;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
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
    /** Queues that are open, part of a link already or not. */
    private int open;
    /** What the first of them has got; the others are of the same device. */
    private String device;
    private boolean offload;
    /** Replaced as a whole; never shorter while a queue is open, so that each keeps its ports. Null where one has left. */
    private volatile TunLink[] slots = {};

    /**
     * Opens a queue of the device that the others are of, if there are any, with offload as they have it; else of the one with that name.
     * Followed by {@link #leave} in any case.
     */
    synchronized TunDevice open(String name, boolean wantsOffload) throws IOException {
        TunDevice opened = TunDevice.open(open == 0 ? name : device, true, open == 0 ? wantsOffload : offload);
        if (open > 0 && opened.hasOffload() != offload) {
            opened.close();
            throw new IOException("TUN device " + device + ": the kernel refuses offload to this queue, after others have it: open all with"
                + " offload(false)");
        }
        open++;
        device = opened.name();
        offload = opened.hasOffload();
        return opened;
    }

    synchronized void join(TunLink link) {
        int free = Arrays.asList(slots).indexOf(null);
        TunLink[] changed = Arrays.copyOf(slots, free < 0 ? slots.length + 1 : slots.length);
        changed[free < 0 ? slots.length : free] = link;
        slots = changed;
    }

    /** A queue is closed, of that link if it has become part of one. */
    synchronized void leave(TunLink link) {
        open--;
        slots = open == 0 ? new TunLink[0] : Arrays.stream(slots).map(other -> other == link ? null : other).toArray(TunLink[]::new);
    }

    boolean isPortOf(TunLink link, int port) {
        TunLink[] all = slots;
        return all.length < 2 || all[port % all.length] == link;
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
        if (!stray.others.hasNext()) {
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
        private final Iterator<TunLink> others;
        private TunLink next;

        Stray(TunLink origin) {
            this.origin = origin;
            others = Arrays.stream(slots).filter(link -> link != null && link != origin).iterator();
        }

        abstract boolean isTakenBy(LinkReceiver receiver, long nowNanos);

        abstract void returnTo(LinkReceiver receiver, long nowNanos);

        abstract void drop();

        /** To the next other link, and at last back to where it came from. */
        final void goOn() {
            next = others.hasNext() ? others.next() : null;
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
