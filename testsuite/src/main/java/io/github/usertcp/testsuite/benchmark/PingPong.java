package io.github.usertcp.testsuite.benchmark;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.ObjDoubleConsumer;

/** One small message to and fro: latency with nothing else going on. */
final class PingPong implements Workload {
    private static final int MESSAGE_BYTES = 64;
    private static final long WARM_UP_MILLIS = 500;
    private static final int MAX_SAMPLES = 4_000_000;

    @Override
    public String name() {
        return "pingpong";
    }

    @Override
    public boolean needsConnections() {
        return false;
    }

    @Override
    public void run(Transport transport, Loops loops, Duration duration, ObjDoubleConsumer<Measure> results) throws InterruptedException {
        Samples samples = new Samples();
        transport.listen(loops, EchoHandler::new);
        EchoClient echo = new EchoClient(MESSAGE_BYTES, samples);
        Channel client = transport.connect(echo).syncUninterruptibly().getNow();
        client.eventLoop().execute(() -> echo.send(client));

        Thread.sleep(WARM_UP_MILLIS);
        client.eventLoop().submit(samples::clear).syncUninterruptibly();
        Thread.sleep(duration.toMillis());
        client.eventLoop().submit(echo::stop).syncUninterruptibly();
        transport.disconnect(client);

        results.accept(Measure.PING_PONG_P50, samples.quantileMicros(0.50));
        results.accept(Measure.PING_PONG_P99, samples.quantileMicros(0.99));
    }

    private static final class Samples implements EchoClient.Listener {
        private final int[] nanos = new int[MAX_SAMPLES];
        private int count;

        @Override
        public void onRoundTrip(long roundTripNanos) {
            if (count < MAX_SAMPLES) {
                nanos[count++] = (int) Math.min(roundTripNanos, Integer.MAX_VALUE);
            }
        }

        void clear() {
            count = 0;
        }

        double quantileMicros(double quantile) {
            Arrays.sort(nanos, 0, count);
            return count == 0 ? Double.NaN : nanos[(int) (quantile * (count - 1))] / 1e3;
        }
    }
}
