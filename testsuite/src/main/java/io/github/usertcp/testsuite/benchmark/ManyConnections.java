package io.github.usertcp.testsuite.benchmark;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjDoubleConsumer;

/** Many connections, each with one message under way at any time. */
final class ManyConnections implements Workload {
    private static final int CONNECTIONS = 1000;
    private static final int MESSAGE_BYTES = 1024;
    private static final long WARM_UP_MILLIS = 500;

    @Override
    public String name() {
        return "many";
    }

    @Override
    public boolean needsConnections() {
        return true;
    }

    @Override
    public void run(Transport transport, Loops loops, Duration duration, ObjDoubleConsumer<Measure> results) throws InterruptedException {
        transport.listen(loops, EchoHandler::new);
        LongAdder messages = new LongAdder();
        List<EchoClient> echoes = new ArrayList<>();
        List<Channel> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            EchoClient echo = new EchoClient(MESSAGE_BYTES, nanos -> messages.increment());
            echoes.add(echo);
            clients.add(transport.connect(echo).syncUninterruptibly().getNow());
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            EchoClient echo = echoes.get(i);
            Channel client = clients.get(i);
            client.eventLoop().execute(() -> echo.send(client));
        }
        Thread.sleep(WARM_UP_MILLIS);
        long startMessages = messages.sum();
        long startNanos = System.nanoTime();
        Thread.sleep(duration.toMillis());
        double rate = (messages.sum() - startMessages) / ((System.nanoTime() - startNanos) / 1e9);
        loops.client().submit(() -> echoes.forEach(EchoClient::stop)).syncUninterruptibly();
        clients.forEach(transport::disconnect);
        results.accept(Measure.MANY_MESSAGES, rate);
    }
}
