package io.github.usertcp.stack;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.CloseCause;
import io.github.usertcp.tcp.TcpConnection;
import io.github.usertcp.tcp.TcpState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens between a batch of input and the flush that ends it: connections with
 * news have their owners look, then those with something to send take turns on the link.
 *
 * <pre>
 *   segment, timeout  ->  deliveries  ->  owner.onProgress  --.
 *   owner's calls     ->  touch  ------------------------------+->  turns  ->  pollSegment  ->  link.write  ...  link.flush
 * </pre>
 *
 * <p>A turn is one segment (a train, where the link takes super-segments); then the connection goes to the end of the
 * queue, until it has no more to say. When the link is full, everybody keeps their place until it is writable again.
 * Owners may call whatever they like from within: a connection touched during a batch gets its turn in the same batch.
 */
final class Batch {
    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    private final TcpStack stack;
    private final Link link;
    private boolean open;
    private boolean draining;
    private long nowNanos;
    private StackConnection firstDelivery;
    private StackConnection lastDelivery;
    private StackConnection firstTurn;
    private StackConnection lastTurn;
    private boolean flushDue;

    Batch(TcpStack stack, Link link) {
        this.stack = stack;
        this.link = link;
    }

    boolean isOpen() {
        return open;
    }

    long nowNanos() {
        return nowNanos;
    }

    /** From here to {@link #complete}, calls only queue, and the time stands still. */
    void begin(long now) {
        if (!open) {
            open = true;
            nowNanos = now;
        }
    }

    /** The connection got input: its owner has to look, and it gets a turn. */
    void received(StackConnection connection) {
        if (!connection.awaitsDelivery) {
            connection.awaitsDelivery = true;
            connection.nextDelivery = null;
            if (lastDelivery == null) {
                firstDelivery = connection;
            } else {
                lastDelivery.nextDelivery = connection;
            }
            lastDelivery = connection;
        }
    }

    /** The connection may have something to send: now, or at the end of the open batch. */
    void touch(StackConnection connection) {
        queueTurn(connection);
        if (!open) {
            begin(stack.nowNanos());
            complete();
        }
    }

    /** Has the owner look, now. */
    void deliver(StackConnection connection) {
        if (connection.owner() != null) {
            try {
                connection.owner().onProgress(connection);
            } catch (RuntimeException e) {
                if (connection.tcp().state() == TcpState.CLOSED) {
                    connection.detach(); // it fails again and again: it is told no more
                }
                abortFaulty(connection, e);
            }
        }
    }

    /** Writes a segment that belongs to no connection. */
    void write(TcpSegment segment) {
        stack.stats().count(StackCounter.SEGMENTS_SENT);
        flushDue = true;
        if (!stack.taps.isEmpty()) {
            stack.taps.sent(segment, link.eventLoop().ticker().nanoTime());
        }
        link.write(segment);
    }

    /** Delivers, sends, flushes, and closes the batch. From within itself: leaves everything to the call that is running. */
    void complete() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            do {
                stack.listeners.announceAccepted();
                deliverAll();
                takeTurns();
                stack.memory.applyPressure();
                if (flushDue) {
                    flushDue = false;
                    link.flush();
                }
            } while (firstDelivery != null || firstTurn != null && link.isWritable());
        } finally {
            draining = false;
            open = false;
        }
        stack.timer.set();
        stack.closeIfIdle();
    }

    /** The connection's engine, or its owner, has thrown: it goes, the others stay. */
    void abortFaulty(StackConnection connection, RuntimeException defect) {
        LOG.error("{} {}: aborted by a defect, {}", stack, connection, connection.isLive() ? info(connection) : "not in the table", defect);
        stack.stats().count(StackCounter.INTERNAL_ERRORS);
        try {
            connection.tcp().abort(CloseCause.INTERNAL_ERROR, nowNanos);
        } catch (RuntimeException e) {
            LOG.error("{} {}: cannot be aborted either", stack, connection, e);
            connection.tcp().release();
        }
        if (connection.isLive()) {
            received(connection);
        }
    }

    private Object info(StackConnection connection) {
        try {
            return connection.tcp().info(nowNanos);
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void deliverAll() {
        while (firstDelivery != null) {
            StackConnection connection = firstDelivery;
            firstDelivery = connection.nextDelivery;
            if (firstDelivery == null) {
                lastDelivery = null;
            }
            connection.nextDelivery = null;
            connection.awaitsDelivery = false;
            deliver(connection);
            queueTurn(connection);
        }
    }

    private void queueTurn(StackConnection connection) {
        if (!connection.awaitsTurn) {
            connection.awaitsTurn = true;
            connection.nextTurn = null;
            if (lastTurn == null) {
                firstTurn = connection;
            } else {
                lastTurn.nextTurn = connection;
            }
            lastTurn = connection;
        }
    }

    private void takeTurns() {
        while (firstTurn != null && link.isWritable()) {
            StackConnection connection = firstTurn;
            firstTurn = connection.nextTurn;
            if (firstTurn == null) {
                lastTurn = null;
            }
            connection.nextTurn = null;
            connection.awaitsTurn = false;
            if (connection.isLive()) {
                takeTurn(connection);
            }
        }
    }

    private void takeTurn(StackConnection connection) {
        TcpConnection tcp = connection.tcp();
        TcpSegment segment;
        try {
            segment = tcp.pollSegment(nowNanos, link.maxPayloadBytes());
        } catch (RuntimeException e) {
            abortFaulty(connection, e);
            return;
        }
        if (segment != null) {
            write(segment);
            if (tcp.hasEvent()) {
                received(connection); // TCP_NOTSENT_LOWAT: sending has made room
            }
            queueTurn(connection);
        } else {
            stack.settle(connection);
        }
    }
}
