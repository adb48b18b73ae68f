package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Owns the connection of a {@link Script} as the stack does: keeps its clock, serves its deadlines, polls it after every batch of inputs, and verifies
 * what holds at all times. The monotonic clock starts negative, as {@code System.nanoTime()} may.
 */
final class ConnectionDriver {
    static final long MILLIS = 1_000_000L;
    private static final long EPOCH_NANOS = -3_000L * MILLIS;
    private static final int MAX_STEPS_WITHOUT_TIME = 20;
    private static final int MAX_SEGMENTS_IN_A_ROW = 100_000;

    final TcpConnection connection;
    final EmissionLog log = new EmissionLog();
    final List<TcpEvent> events = new ArrayList<>();
    private final TcpTuple tuple;
    private final List<ByteBuf> buffers = new ArrayList<>();
    private long nowNanos;
    private boolean closedReported;
    private boolean batching;

    private ConnectionDriver(Setup setup, TcpConnection connection, long nowMillis) {
        this.connection = connection;
        tuple = setup.tuple;
        nowNanos = nowMillis * MILLIS;
    }

    /** A connection in the state that the setup wants; its handshake is checked and then forgotten. */
    static ConnectionDriver start(Setup setup) {
        TcpConfig config = setup.config.build();
        InitialNumbers numbers = InitialNumbers.fixed(RelativeNumbers.ISS, RelativeNumbers.TS_BASE - (int) (EPOCH_NANOS / MILLIS));
        long start = setup.start == Setup.Start.ESTABLISHED || setup.start == Setup.Start.ACCEPTED ? -setup.rttMillis : 0;
        if (setup.start == Setup.Start.HALF_OPEN) {
            return halfOpen(setup, config, numbers);
        }
        if (setup.start == Setup.Start.OPENED_BY_SYN) {
            return openedBySyn(setup, config, numbers);
        }
        ConnectionDriver driver = new ConnectionDriver(setup, TcpConnection.create(setup.tuple, config, numbers, setup.mss), start);
        switch (setup.start) {
            case LISTENING -> driver.connection.listen();
            case ESTABLISHED -> driver.openActively(setup);
            case ACCEPTED -> driver.openPassively(setup);
            default -> { }
        }
        return driver;
    }

    private static ConnectionDriver halfOpen(Setup setup, TcpConfig config, InitialNumbers numbers) {
        TcpSegment syn = RelativeNumbers.fromPeer(setup.peerSyn(false, 0));
        HalfOpen entry = HalfOpen.answer(syn, setup.tuple, config, numbers, EPOCH_NANOS);
        TcpSegment synAck = entry.toSynAck(setup.tuple, config, setup.mss, EPOCH_NANOS);
        TcpConnection connection = TcpConnection.accepted(setup.tuple, config, entry, setup.mss, EPOCH_NANOS);
        ConnectionDriver driver = new ConnectionDriver(setup, connection, 0);
        driver.log.peerSyn(syn.windowScale() != TcpSegment.ABSENT);
        driver.log.add(0, synAck);
        driver.drain();
        return driver;
    }

    private static ConnectionDriver openedBySyn(Setup setup, TcpConfig config, InitialNumbers numbers) {
        TcpSegment syn = RelativeNumbers.fromPeer(setup.peerSyn(false, 0));
        ByteBuf data = Unpooled.wrappedBuffer(StreamBytes.range(0, setup.synData));
        syn.payload(data);
        HalfOpen answer = HalfOpen.answer(syn, setup.tuple, config, numbers, EPOCH_NANOS);
        TcpConnection connection = TcpConnection.openedBySyn(setup.tuple, config, answer, syn, setup.mss, EPOCH_NANOS);
        connection.answerWithCookie(setup.cookie, false);
        syn.release();
        ConnectionDriver driver = new ConnectionDriver(setup, connection, 0);
        driver.track(data);
        driver.log.peerSyn(syn.windowScale() != TcpSegment.ABSENT);
        driver.drain();
        return driver;
    }

    private void openActively(Setup setup) {
        connection.connect(clock());
        drain();
        log.expect("S 0:0(0)");
        nowNanos = 0;
        deliver(setup.peerSyn(true, 0), new byte[0]);
        log.expect(". 1:1(0) ack 1");
        assertEquals(TcpState.ESTABLISHED, connection.state(), "state after an active open");
        events.clear();
    }

    private void openPassively(Setup setup) {
        connection.listen();
        deliver(setup.peerSyn(false, -setup.rttMillis), new byte[0]);
        log.expect("S. 0:0(0) ack 1");
        nowNanos = 0;
        deliver(setup.peerThird(), new byte[0]);
        log.expectSilence();
        assertEquals(TcpState.ESTABLISHED, connection.state(), "state after a passive open");
        events.clear();
    }

    /** What the connection is told of the time. */
    long clock() {
        return EPOCH_NANOS + nowNanos;
    }

    /** The trace's time. */
    long nowNanos() {
        return nowNanos;
    }

    /** When the connection wants to be woken, in the trace's time; {@link Long#MAX_VALUE} for never. */
    long deadlineNanos() {
        long deadline = connection.deadlineNanos();
        return deadline == Long.MAX_VALUE ? deadline : deadline - EPOCH_NANOS;
    }

    /** Goes on to that time and serves every deadline on the way. */
    void advanceTo(long targetNanos) {
        if (targetNanos < nowNanos) {
            throw new IllegalArgumentException("time " + targetNanos / MILLIS + " ms is before " + nowNanos / MILLIS + " ms");
        }
        int still = 0;
        while (deadlineNanos() != Long.MAX_VALUE && deadlineNanos() <= targetNanos) {
            long due = Math.max(nowNanos, deadlineNanos());
            still = due == nowNanos ? still + 1 : 0;
            if (still > MAX_STEPS_WITHOUT_TIME) {
                fail("a timer does not move on at " + nowNanos / MILLIS + " ms in " + connection.state() + log);
            }
            nowNanos = due;
            connection.onTimeout(clock());
            drain();
        }
        nowNanos = targetNanos;
    }

    /** A segment of the peer, in relative numbers. */
    void deliver(TcpSegment segment, byte[] payload) {
        if (segment.isSyn() && !connection.state().isSynchronized()) {
            log.peerSyn(segment.windowScale() != TcpSegment.ABSENT);
        }
        RelativeNumbers.fromPeer(segment);
        segment.source(tuple.remoteAddress(), tuple.remotePort()).destination(tuple.localAddress(), tuple.localPort());
        segment.udpPorts(tuple.remoteUdpPort(), 0);
        segment.takePayload().release();
        segment.payload(payload.length == 0 ? Unpooled.EMPTY_BUFFER : track(Unpooled.wrappedBuffer(payload)));
        connection.onSegment(segment, clock());
        drain();
    }

    /** Inputs inside reach the connection as one read batch: it is polled only behind the last. */
    void batch(Runnable inputs) {
        batching = true;
        inputs.run();
        batching = false;
        drain();
    }

    /** Returns how many bytes were taken. */
    int write(byte[] bytes) {
        ByteBuf data = track(Unpooled.wrappedBuffer(bytes));
        int taken = connection.write(data, clock());
        assertEquals(bytes.length - taken, data.readableBytes(), "write moves the reader index past what it took");
        data.release();
        drain();
        return taken;
    }

    /** Reads exactly so many bytes. */
    byte[] read(int bytes) {
        byte[] result = new byte[bytes];
        int got = 0;
        while (got < bytes) {
            ByteBuf part = connection.read(bytes - got, clock());
            if (part == null) {
                fail("only " + got + " of " + bytes + " bytes can be read" + log);
            }
            int length = part.readableBytes();
            part.readBytes(result, got, length).release();
            got += length;
        }
        drain();
        return result;
    }

    /** Polls everything, as the owner does after each batch. */
    void drain() {
        if (batching) {
            return;
        }
        for (TcpEvent event = connection.pollEvent(); event != null; event = connection.pollEvent()) {
            if (closedReported) {
                fail(event + " reported after CLOSED");
            }
            closedReported = event == TcpEvent.CLOSED;
            events.add(event);
        }
        int count = 0;
        for (TcpSegment segment = poll(); segment != null; segment = poll()) {
            log.add(nowNanos, segment);
            if (++count > MAX_SEGMENTS_IN_A_ROW) {
                fail("pollSegment does not come to an end" + log);
            }
        }
        connection.checkInvariants();
        buffers.removeIf(buffer -> buffer.refCnt() == 0);
        if (connection.memoryBytes() == 0 && !buffers.isEmpty()) {
            fail(buffers.size() + " buffers are held by nobody who charges for them in " + connection.state() + log);
        }
    }

    private TcpSegment poll() {
        TcpSegment segment = connection.pollSegment(clock(), 65_535);
        if (segment != null && (segment.sourcePort() != tuple.localPort() || segment.destinationPort() != tuple.remotePort()
            || !segment.source().equals(tuple.localAddress()) || !segment.destination().equals(tuple.remoteAddress()))) {
            fail("sent from " + segment.source() + ":" + segment.sourcePort() + " to " + segment.destination() + ":" + segment.destinationPort());
        }
        return segment;
    }

    private ByteBuf track(ByteBuf buffer) {
        if (buffer.isReadable()) { // the empty buffer is never released
            buffers.add(buffer);
        }
        return buffer;
    }

    void expectClosed(CloseCause cause) {
        assertEquals(TcpState.CLOSED, connection.state(), () -> "state" + log);
        assertEquals(cause, connection.closeCause(), "cause");
        assertEquals(true, closedReported, "CLOSED reported");
        assertEquals(Long.MAX_VALUE, connection.deadlineNanos(), "no timer is left behind");
    }

    /** The end: nothing unexpected was sent; without a word every buffer is given back and no timer stays. */
    void finish() {
        log.expectSilence();
        connection.checkInvariants();
        connection.release();
        assertEquals(0, connection.memoryBytes(), "memory held after release");
        assertEquals(Long.MAX_VALUE, connection.deadlineNanos(), "timer left after release");
        for (ByteBuf buffer : buffers) {
            assertEquals(0, buffer.refCnt(), "references to a buffer left after release");
        }
    }
}
