package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.congestion.CongestionControls;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A packet trace in virtual time: one {@link TcpConnection}, the peer played line by line in packetdrill notation with
 * {@linkplain RelativeNumbers relative numbers}, the user played by calls. After every step the connection is polled as its owner would and its
 * invariants are verified; what it sends is held in an {@link EmissionLog} until the trace expects it, and a trace that ends must have expected everything.
 *
 * <p>Settings ({@code mss}, {@code config}...) come before the first step. Time 0 is the end of the handshake in the established states.
 */
final class Script {
    private static final ThreadLocal<List<Script>> UNFINISHED = ThreadLocal.withInitial(ArrayList::new);

    private final Setup setup;
    private ConnectionDriver driver;
    private long written;
    private long consumed;

    private Script(Setup.Start start) {
        setup = new Setup(start);
        UNFINISHED.get().add(this);
    }

    /** The scripts made in this thread since the last call. */
    static List<Script> takeUnfinished() {
        List<Script> scripts = List.copyOf(UNFINISHED.get());
        UNFINISHED.remove();
        return scripts;
    }

    static Script closed() {
        return new Script(Setup.Start.CLOSED);
    }

    /** In LISTEN. */
    static Script listening() {
        return new Script(Setup.Start.LISTENING);
    }

    /** In SYN-RECEIVED, made from a compact entry, whose SYN-ACK is the first segment to expect. */
    static Script halfOpen() {
        return new Script(Setup.Start.HALF_OPEN);
    }

    /** After an active open. */
    static Script established() {
        return new Script(Setup.Start.ESTABLISHED);
    }

    /** After a passive open. */
    static Script accepted() {
        return new Script(Setup.Start.ACCEPTED);
    }

    /** In SYN-RECEIVED, made by a SYN with so many bytes of data (RFC 7413), whose SYN-ACK is the first segment to expect. */
    static Script openedBySyn(int dataBytes) {
        Script script = new Script(Setup.Start.OPENED_BY_SYN);
        script.setup.synData = dataBytes;
        return script;
    }

    /** The cookie that the SYN-ACK of a connection opened by its SYN brings. */
    Script cookie(byte[] bytes) {
        setup.cookie = bytes;
        return this;
    }

    /** The MSS of both directions. */
    Script mss(int bytes) {
        setup.mss = bytes;
        return this;
    }

    /** The MSS in the peer's SYN, where it differs. */
    Script peerMss(int bytes) {
        setup.peerMss = bytes;
        return this;
    }

    /** The congestion control of RFC 5681, not the default. */
    Script newReno() {
        return config(c -> c.congestionControl(CongestionControls.newReno()));
    }

    /** A congestion window that stays at so many bytes. */
    Script cwnd(long bytes) {
        return config(c -> c.congestionControl(CongestionControls.fixedWindow(bytes)));
    }

    Script config(UnaryOperator<TcpConfigBuilder> change) {
        if (driver != null) {
            throw new IllegalStateException("the trace has begun; use reconfigure");
        }
        setup.config = change.apply(setup.config);
        return this;
    }

    /** Both sides use timestamps. */
    Script timestamps() {
        setup.timestamps = true;
        return config(c -> c.timestamps(true));
    }

    /** Both sides use selective acknowledgments. */
    Script sack() {
        setup.sack = true;
        return config(c -> c.sack(true));
    }

    /** Both sides scale windows; ours by what the receive buffer needs. */
    Script peerWindowScale(int shift) {
        setup.peerWindowScale = shift;
        return config(c -> c.windowScaling(true));
    }

    /** The window field of the peer's handshake segments. */
    Script peerWindow(int raw) {
        setup.peerWindow = raw;
        return this;
    }

    /** Round-trip time the handshake measures; default 10 ms. */
    Script rtt(long millis) {
        setup.rttMillis = millis;
        return this;
    }

    Script tuple(TcpTuple tuple) {
        setup.tuple = tuple;
        return this;
    }

    /** Goes on to that time, serving timers on the way. */
    Script at(long millis) {
        driver().advanceTo(millis * ConnectionDriver.MILLIS);
        return this;
    }

    Script advance(long millis) {
        driver().advanceTo(driver.nowNanos() + millis * ConnectionDriver.MILLIS);
        return this;
    }

    /** Goes on to the connection's next deadline and serves it. */
    Script tick() {
        if (driver().deadlineNanos() == Long.MAX_VALUE) {
            fail("no timer runs" + driver.log);
        }
        driver.advanceTo(Math.max(driver.nowNanos(), driver.deadlineNanos()));
        return this;
    }

    /** A segment of the peer arrives; the payload is the stream's bytes at its offset. {@code win} may be left out and is 65535 then. */
    Script receive(String line) {
        TcpSegment segment = TcpSegment.parse(SegmentPattern.withWindow(line));
        long offset = Integer.toUnsignedLong(segment.seq()) - (segment.isSyn() ? 0 : 1);
        driver().deliver(segment, StreamBytes.range(offset, segment.payloadLength()));
        return this;
    }

    /** The same with a payload of one byte repeated, to tell copies of a segment apart. */
    Script receive(String line, byte fill) {
        TcpSegment segment = TcpSegment.parse(SegmentPattern.withWindow(line));
        byte[] payload = new byte[segment.payloadLength()];
        Arrays.fill(payload, fill);
        driver().deliver(segment, payload);
        return this;
    }

    /** The network reports an error about the segment of ours that begins at {@code seq}, with the MTU it needs if it is too big. */
    Script icmp(IcmpErrorKind kind, long seq, long mtu) {
        TcpTuple tuple = driver().connection.tuple();
        IcmpError error = new IcmpError(kind, tuple.localAddress(), tuple.localPort(), tuple.remoteAddress(), tuple.remotePort(),
            RelativeNumbers.ISS + (int) seq, mtu);
        return batch(() -> driver.connection.onIcmp(error, driver.clock()));
    }

    Script icmp(IcmpErrorKind kind, long seq) {
        return icmp(kind, seq, 0);
    }

    /** Inputs inside reach the connection as one read batch: it is polled only behind the last. */
    Script batch(Runnable inputs) {
        driver().batch(inputs);
        return this;
    }

    Script connect() {
        driver().connection.connect(driver.clock());
        driver.drain();
        return this;
    }

    /** Connects with TCP Fast Open, and so many bytes of the stream written before the SYN leaves. */
    Script connect(FastOpenSyn fastOpen, int bytes) {
        return batch(() -> {
            driver.connection.connect(fastOpen, driver.clock());
            send(bytes);
        });
    }

    /** Writes so many bytes of the stream, all of which must be taken. */
    Script send(int bytes) {
        assertEquals(bytes, offer(bytes), "bytes taken by write");
        return this;
    }

    /** Writes up to so many bytes of the stream and says how many were taken. */
    int offer(int bytes) {
        int taken = driver().write(StreamBytes.range(written, bytes));
        written += taken;
        return taken;
    }

    /** Reads exactly so many bytes and compares them with the stream. */
    Script read(int bytes) {
        StreamBytes.check(Unpooled.wrappedBuffer(readBytes(bytes)), consumed - bytes, "read");
        return this;
    }

    /** Reads exactly so many bytes, whatever they are. */
    byte[] readBytes(int bytes) {
        consumed += bytes;
        return driver().read(bytes);
    }

    Script shutdownOutput() {
        driver().connection.shutdownOutput(driver.clock());
        driver.drain();
        return this;
    }

    Script close() {
        driver().connection.close(driver.clock());
        driver.drain();
        return this;
    }

    Script abort() {
        driver().connection.abort(driver.clock());
        driver.drain();
        return this;
    }

    /** Changes settings of the live connection. */
    Script reconfigure(UnaryOperator<TcpConfigBuilder> change) {
        driver().connection.reconfigure(change.apply(driver.connection.config().toBuilder()).build(), driver.clock());
        driver.drain();
        return this;
    }

    /** The next segments sent are these; see {@link SegmentPattern} for what is compared. */
    Script expect(String... lines) {
        driver().log.expect(lines);
        return this;
    }

    /** Goes on to that time; the next segments sent are these, and left exactly then. */
    Script expectAt(long millis, String... lines) {
        at(millis);
        driver.log.expectAt(millis * ConnectionDriver.MILLIS, lines);
        return this;
    }

    Script expectSilence() {
        driver().log.expectSilence();
        return this;
    }

    /** Goes on to that time, and nothing is sent on the way. */
    Script expectSilenceUntil(long millis) {
        return at(millis).expectSilence();
    }

    /** All segments sent and not yet expected, which then count as expected. */
    List<EmissionLog.Emission> takeSent() {
        return driver().log.takeAll();
    }

    /** The events since the last call, or since the handshake of an established state, are exactly these. */
    Script expectEvents(TcpEvent... expected) {
        assertEquals(List.of(expected), List.copyOf(driver().events), () -> "events" + driver.log);
        driver.events.clear();
        return this;
    }

    Script expectState(TcpState state) {
        assertEquals(state, driver().connection.state(), () -> "state" + driver.log);
        return this;
    }

    /** CLOSED for that reason, reported once, and no timer left. */
    Script expectClosed(CloseCause cause) {
        driver().expectClosed(cause);
        return this;
    }

    Script expectReadable(int bytes) {
        assertEquals(bytes, driver().connection.readableBytes(), () -> "readable bytes" + driver.log);
        return this;
    }

    TcpInfo info() {
        return driver().connection.info(driver.clock());
    }

    /** For what a trace has no word for. */
    TcpConnection connection() {
        return driver().connection;
    }

    /** What the connection is told of the time, in nanoseconds. */
    long clock() {
        return driver().clock();
    }

    /** Ends the trace: everything sent was expected, everything held is given back. */
    void finish() {
        if (driver != null) {
            driver.finish();
        }
    }

    /** Ends the trace without a check. */
    void abandon() {
        if (driver != null) {
            driver.connection.release();
        }
    }

    private ConnectionDriver driver() {
        if (driver == null) {
            driver = ConnectionDriver.start(setup);
        }
        return driver;
    }
}
