package io.github.usertcp.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.lang.reflect.Method;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

class ImpairedLinkTest {
    private static final Impairment NONE = Impairment.none();
    private static final Impairment LATE = NONE.delay(Duration.ofMillis(10));
    private static final int MAX_PAYLOAD = 3_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final EventLoop loop = channel.eventLoop();
    private final LinkProvider provider = mock(LinkProvider.class);
    private final LinkReceiver stack = mock(LinkReceiver.class);
    private final Link link = mock(Link.class);
    /** What the link, or the stack, is told, in order. */
    private final List<String> told = new ArrayList<>();
    private ImpairedLink impaired;
    private Link outer;
    private LinkReceiver inner;

    @BeforeEach
    void listen() {
        channel.freezeTime();
        when(link.eventLoop()).thenReturn(loop);
        when(link.maxPayloadBytes()).thenReturn(MAX_PAYLOAD);
        when(link.close()).thenAnswer(call -> tell("close", loop.newSucceededFuture(null)));
        when(provider.open(any(), any())).thenReturn(loop.newSucceededFuture(link));
        doAnswer(call -> take("> ", call.getArgument(0))).when(link).write(any());
        doAnswer(call -> tell("flush", null)).when(link).flush();
        doAnswer(call -> take("< ", call.getArgument(0))).when(stack).onSegment(any(), anyLong());
        doAnswer(call -> tell("readComplete", null)).when(stack).onReadComplete(anyLong());
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsNotImpairedPassesWhole() {
        open(NONE, NONE);
        outer.write(segment(0, 2_500));
        outer.flush();
        inner.onSegment(segment(0, 2_500), now());
        inner.onReadComplete(now());
        assertEquals(List.of("> P. 0:2500(2500) ack 1 win 1 / 1000", "flush", "< P. 0:2500(2500) ack 1 win 1 / 1000", "readComplete"), told);
        assertEquals(3, impaired.outbound().get(ImpairmentCounter.PACKETS));
    }

    @Test
    void packetsOfASuperSegmentAreLostOneByOneAndTheRestIsJoined() {
        open(NONE, NONE);
        outer.write(segment(0, 1_000));
        impaired.outbound().impair(NONE.loss(1));
        outer.write(segment(1_000, 1_000));
        impaired.outbound().impair(NONE);
        outer.write(segment(2_000, 2_500));
        outer.flush();
        assertEquals(List.of("> P. 0:1000(1000) ack 1 win 1", "> P. 2000:4500(2500) ack 1 win 1 / 1000", "flush"), told);
    }

    @Test
    void lateSegmentsAreFlushedTogether() {
        open(LATE, NONE);
        outer.write(segment(0, 2_500));
        outer.flush();
        assertEquals(List.of("flush"), told);
        pass(10);
        assertEquals(List.of("flush", "> P. 0:2500(2500) ack 1 win 1 / 1000", "flush"), told);
    }

    @Test
    void lateSegmentsAreABatchOfTheirOwn() {
        open(NONE, LATE);
        inner.onSegment(segment(0, 2_500), now());
        inner.onReadComplete(now());
        assertEquals(List.of("readComplete"), told);
        pass(10);
        assertEquals(List.of("readComplete", "< P. 0:2500(2500) ack 1 win 1 / 1000", "readComplete"), told);
        verify(stack).onReadComplete(now());
    }

    /** A coalescer takes up to 64 KiB, a link perhaps less: a packet of IPv4 has no room for 64 KiB and headers. */
    @Test
    void noMoreIsJoinedThanTheLinkTakes() {
        open(LATE, NONE);
        for (int i = 0; i < 7; i++) {
            outer.write(TcpSegment.parse(". " + 1_000 * i + ":" + 1_000 * (i + 1) + "(1000) ack 1 win 1"));
        }
        pass(10);
        assertEquals(List.of("> . 0:3000(3000) ack 1 win 1 / 1000", "> . 3000:6000(3000) ack 1 win 1 / 1000", "> . 6000:7000(1000) ack 1 win 1", "flush"), told);
    }

    @Test
    void closingSendsWhatIsHeldBackAndReleasesWhatIsNotReadAnyMore() {
        open(LATE, LATE);
        ByteBuf received = Unpooled.wrappedBuffer(new byte[10]);
        inner.onSegment(TcpSegment.parse(". 1:1(0) ack 1 win 1").payload(received), now());
        outer.write(segment(0, 1_000));
        outer.close();
        assertEquals(List.of("> P. 0:1000(1000) ack 1 win 1", "flush", "close"), told);
        inner.onClosed();
        assertEquals(0, received.refCnt());
        verify(stack).onClosed();
    }

    @Test
    void farewellsLeaveBehindWhatIsHeldBackWhenTheEventLoopTakesTheLink() {
        open(LATE, NONE);
        outer.write(segment(0, 1_000));
        doAnswer(call -> {
            outer.write(TcpSegment.parse("R. 1000:1000(0) ack 1 win 0"));
            return null;
        }).when(stack).onClosing();
        inner.onClosing();
        assertEquals(List.of("> P. 0:1000(1000) ack 1 win 1", "flush", "> R. 1000:1000(0) ack 1 win 0", "flush"), told);
    }

    @Test
    void segmentsThatComeBeforeTheLinkIsOpenPass() {
        when(provider.open(any(), any())).thenReturn(loop.newPromise());
        impaired = new ImpairedLink(provider, NONE.loss(1), NONE.loss(1), 1);
        impaired.open(loop, stack);
        ArgumentCaptor<LinkReceiver> receiver = ArgumentCaptor.forClass(LinkReceiver.class);
        verify(provider).open(any(), receiver.capture());
        receiver.getValue().onSegment(segment(0, 1_000), now());
        receiver.getValue().onClosed();
        assertEquals(List.of("< P. 0:1000(1000) ack 1 win 1 / 1000"), told);
    }

    @Test
    void failureToOpenIsHandedOn() {
        BindException cause = new BindException("Address already in use");
        when(provider.open(any(), any())).thenReturn(loop.newFailedFuture(cause));
        assertSame(cause, new ImpairedLink(provider, NONE, NONE, 1).open(loop, stack).cause());
    }

    @Test
    void everyQuestionIsPutToTheLink() throws ReflectiveOperationException {
        open(NONE, NONE);
        for (Method method : Link.class.getMethods()) {
            assertNotEquals(Link.class, outer.getClass().getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass(), method.getName());
        }
        when(link.carriesEcn()).thenReturn(true);
        assertTrue(outer.carriesEcn());
    }

    /** Likewise a method of a receiver. */
    @Test
    void everythingTheLinkTellsReachesTheStack() throws ReflectiveOperationException {
        open(NONE, NONE);
        for (Method method : LinkReceiver.class.getMethods()) {
            assertNotEquals(LinkReceiver.class, inner.getClass().getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass(), method.getName());
        }
        inner.onWritable();
        verify(stack).onWritable();
    }

    private void open(Impairment outbound, Impairment inbound) {
        impaired = new ImpairedLink(provider, outbound, inbound, 1);
        Future<Link> opened = impaired.open(loop, stack);
        outer = opened.getNow();
        ArgumentCaptor<LinkReceiver> receiver = ArgumentCaptor.forClass(LinkReceiver.class);
        verify(provider).open(any(), receiver.capture());
        inner = receiver.getValue();
    }

    private static TcpSegment segment(int seq, int length) {
        return TcpSegment.parse("P. " + seq + ":" + (seq + length) + "(" + length + ") ack 1 win 1").segmentSize(1_000);
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private Object take(String direction, TcpSegment segment) {
        told.add(direction + segment + (segment.segmentSize() > 0 ? " / " + segment.segmentSize() : ""));
        segment.release();
        return null;
    }

    private <T> T tell(String what, T answer) {
        told.add(what);
        return answer;
    }
}
