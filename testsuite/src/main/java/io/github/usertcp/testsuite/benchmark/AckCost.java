package io.github.usertcp.testsuite.benchmark;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.tcp.TcpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What an ACK costs a sender, together with the segment that takes the place of what it acknowledges, with few and with many records
 * outstanding, on a path that keeps order and on one that does not.
 *
 * <pre>
 *   mvn -q -pl testsuite -am -DskipTests compile exec:exec@ackcost
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(1)
public class AckCost {
    private static final int MEASURED = 20_000;
    /** Until the window has been full for some time. */
    private static final int ROUNDS_BEFORE = 3;
    private static final int PAYLOAD_BYTES = 1448;

    /** Segments outstanding. */
    @Param({"64", "16384"})
    public int outstanding;

    /** Losses and reordering, so that most ACKs carry SACK blocks. */
    @Param({"false", "true"})
    public boolean sackHeavy;

    private final ByteBuf data = Unpooled.buffer(1 << 20).writeZero(1 << 20);
    private AckStream stream;
    private TcpConnection tcp;
    private int next;

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().include(AckCost.class.getName()).build()).run();
    }

    @Setup(Level.Trial)
    public void record() {
        stream = AckStream.record(outstanding, sackHeavy, ROUNDS_BEFORE * outstanding + MEASURED);
    }

    @Setup(Level.Invocation)
    public void fillWindow() {
        tcp = stream.newSender();
        next = 0;
        send(stream.nanos(0));
        while (next < ROUNDS_BEFORE * outstanding) {
            acknowledge();
        }
    }

    @TearDown(Level.Invocation)
    public void release() {
        tcp.release();
    }

    /** Returns something, so that nothing is optimized away. */
    @Benchmark
    @OperationsPerInvocation(MEASURED)
    public long acknowledgeMany() {
        for (int i = 0; i < MEASURED; i++) {
            acknowledge();
        }
        return tcp.deadlineNanos();
    }

    private void acknowledge() {
        long now = stream.nanos(next);
        if (tcp.deadlineNanos() <= now) {
            tcp.onTimeout(now);
            send(now);
        }
        tcp.onSegment(stream.segment(next++), now);
        send(now);
    }

    private void send(long nowNanos) {
        while (tcp.hasEvent()) {
            tcp.pollEvent();
        }
        while (tcp.writableBytes() >= data.capacity()) {
            tcp.write(data.setIndex(0, data.capacity()), nowNanos);
        }
        for (TcpSegment segment = poll(nowNanos); segment != null; segment = poll(nowNanos)) {
            segment.release();
        }
    }

    /** One at a time, so that each is a record of its own. */
    private TcpSegment poll(long nowNanos) {
        return tcp.pollSegment(nowNanos, PAYLOAD_BYTES);
    }
}
