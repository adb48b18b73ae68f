package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.channel.UserTcpSocketChannel;
import io.github.usertcp.handlers.ImpairedLink;
import io.github.usertcp.handlers.Impairment;
import io.github.usertcp.handlers.ImpairmentCounter;
import io.github.usertcp.tcp.TcpInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our TCP and the kernel's over a bad network: what arrives is what was sent, and how it got there shows in the connections' counters. Each
 * test carries eight streams at a time: kernel client and ours, IPv4 and IPv6, up and down.
 */
@Timeout(60)
class ImpairedNetworkTest {
    private static final int SIZE = 1_000_000;
    private static final String DIGEST = Pattern.digest(SIZE);
    private static final long SEED = 4711;
    private static final Impairment NONE = Impairment.none();
    private static final List<ImpairmentCounter> EVERYTHING = List.of(ImpairmentCounter.LOST, ImpairmentCounter.DELAYED,
        ImpairmentCounter.REORDERED, ImpairmentCounter.DUPLICATED);

    /** What the network has done, and what the connections know of it: those that sent the content, and those that received it. */
    private record Outcome(ImpairedLink network, List<TcpInfo> senders, List<TcpInfo> receivers) {
        static long sum(List<TcpInfo> infos, ToLongFunction<TcpInfo> value) {
            return infos.stream().mapToLong(value).sum();
        }

        long retransmitted() {
            return sum(senders, TcpInfo::totalRetrans);
        }

        long segments() {
            return sum(senders, TcpInfo::dataSegsOut);
        }

        /** Stalls of the machine are no fault of the sender's: a probe or a timeout here and there is none. */
        void assertHardlyAnythingWasSentAgain() {
            assertTrue(retransmitted() < segments() / 50, this::toString);
        }

        void assertRoundTripsOf(long micros) {
            Stream.concat(senders.stream(), receivers.stream()).forEach(info -> assertTrue(info.minRtt() >= micros, info::toString));
        }

        void assertMet(ImpairmentCounter counter) {
            assertTrue(network.outbound().get(counter) > 0, network.outbound()::toString);
            assertTrue(network.inbound().get(counter) > 0, network.inbound()::toString);
        }

        @Override
        public String toString() {
            return "sent by us: " + network.outbound() + "\nreceived: " + network.inbound() + "\nsenders: " + senders + "\nreceivers: " + receivers;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsLostIsSentAgain(boolean offload) throws Exception {
        Outcome outcome = transfer(NONE.loss(0.02), offload);
        outcome.assertMet(ImpairmentCounter.LOST);
        assertTrue(outcome.retransmitted() > 0, outcome::toString);
        assertTrue(outcome.retransmitted() < outcome.segments() / 10, outcome::toString);
        assertTrue(Outcome.sum(outcome.receivers, TcpInfo::rcvOooPack) > 0, outcome::toString);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void delayAndJitterAreMeasuredAndRepairNothing(boolean offload) throws Exception {
        Outcome outcome = transfer(NONE.delay(Duration.ofMillis(15)).jitter(Duration.ofMillis(5)), offload);
        outcome.assertMet(ImpairmentCounter.DELAYED);
        outcome.assertRoundTripsOf(30_000);
        outcome.assertHardlyAnythingWasSentAgain();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reorderingIsNotTakenForLoss(boolean offload) throws Exception {
        Outcome outcome = transfer(NONE.delay(Duration.ofMillis(5)).reordering(0.03, Duration.ofMillis(3)), offload);
        outcome.assertMet(ImpairmentCounter.REORDERED);
        assertTrue(Outcome.sum(outcome.senders, TcpInfo::reordSeen) > 0, outcome::toString);
        assertTrue(Outcome.sum(outcome.receivers, TcpInfo::rcvOooPack) > 0, outcome::toString);
        outcome.assertHardlyAnythingWasSentAgain();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void duplicatesAreReportedAndHarmNothing(boolean offload) throws Exception {
        Outcome outcome = transfer(NONE.duplication(0.05), offload);
        outcome.assertMet(ImpairmentCounter.DUPLICATED);
        assertTrue(Outcome.sum(outcome.senders, TcpInfo::dsackDups) > 0, outcome::toString);
        outcome.assertHardlyAnythingWasSentAgain();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everythingAtOnceIsSurvived(boolean offload) throws Exception {
        Outcome outcome = transfer(NONE.loss(0.01).delay(Duration.ofMillis(10)).jitter(Duration.ofMillis(3))
            .reordering(0.02, Duration.ofMillis(5)).duplication(0.02), offload);
        for (ImpairmentCounter counter : EVERYTHING) {
            outcome.assertMet(counter);
        }
        outcome.assertRoundTripsOf(20_000);
        assertTrue(outcome.retransmitted() > 0, outcome::toString);
    }

    /** Runs all streams over that network, in both directions, and checks what arrives. */
    private static Outcome transfer(Impairment bad, boolean offload) throws Exception {
        Ends ends = new Ends();
        ImpairedLink[] network = new ImpairedLink[1];
        try (KernelHost kernel = KernelHost.create("curl", "python3", "sha256sum");
             TunHost host = TunHost.open(kernel, 1500, link -> network[0] = new ImpairedLink(link.offload(offload), bad, bad, SEED))) {
            try (InputStream content = Pattern.stream(SIZE)) {
                Files.copy(content, kernel.file("content"));
            }
            kernel.startPython(Transfer.SERVER);
            kernel.awaitListener(9000);
            host.serve(80, () -> pipeline(new WebService(), ends));
            List<Transfer> transfers = connect(host, ends);
            String kernelClients = kernel.run("""
                for host in %s [%s]; do
                  curl -sS -o got$host http://$host/%d &
                  curl -sS -o put$host -T content http://$host &
                done
                wait; cat put*; sha256sum got* | cut -c1-64
                """.formatted(TunHost.V4, TunHost.V6, SIZE));
            assertEquals((DIGEST + "\n").repeat(4), kernelClients);
            for (Transfer transfer : transfers) {
                assertEquals(DIGEST, transfer.digest.get(30, TimeUnit.SECONDS));
            }
            return ends.outcome(network[0]);
        }
    }

    private static List<Transfer> connect(TunHost host, Ends ends) {
        List<Transfer> transfers = new ArrayList<>();
        for (String address : List.of(KernelHost.V4, KernelHost.V6)) {
            for (Transfer transfer : List.of(Transfer.download(), Transfer.upload(SIZE))) {
                transfers.add(transfer);
                host.client(pipeline(transfer, ends)).option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .connect(new InetSocketAddress(address, 9000));
            }
        }
        return transfers;
    }

    private static ChannelInitializer<Channel> pipeline(ChannelInitializer<Channel> user, Ends ends) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(user, ends);
            }
        };
    }

    /** Closes connections whose peer has, and keeps what they know by then. */
    @Sharable
    private static final class Ends extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<TcpInfo> infos = new LinkedBlockingQueue<>();

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                infos.add(((UserTcpSocketChannel) ctx.channel()).tcpInfo().getNow());
                ctx.close();
            }
        }

        Outcome outcome(ImpairedLink network) throws InterruptedException {
            Outcome outcome = new Outcome(network, new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 8; i++) {
                TcpInfo info = infos.poll(10, TimeUnit.SECONDS);
                assertNotNull(info, "an end of the peer's");
                (info.bytesAcked() >= SIZE ? outcome.senders : outcome.receivers).add(info);
            }
            assertEquals(4, outcome.senders.size());
            return outcome;
        }
    }
}
