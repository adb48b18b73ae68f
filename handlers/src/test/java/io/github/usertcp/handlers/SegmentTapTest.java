package io.github.usertcp.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkProvider;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.stack.SegmentListener;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.lang.reflect.Method;
import java.net.BindException;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

class SegmentTapTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final EventLoop loop = channel.eventLoop();
    private final LinkProvider provider = mock(LinkProvider.class);
    private final SegmentListener listener = mock(SegmentListener.class);
    private final LinkReceiver stack = mock(LinkReceiver.class);
    private final Link link = mock(Link.class);

    @Test
    void listenerSeesWhatTheStackSendsBeforeTheLinkTakesIt() {
        channel.freezeTime();
        TcpSegment segment = TcpSegment.parse("S 0:0(0) win 1");

        tap().write(segment);

        InOrder order = inOrder(listener, link);
        order.verify(listener).onSent(segment, loop.ticker().nanoTime());
        order.verify(link).write(segment);
    }

    @Test
    void listenerSeesWhatTheLinkReceivesBeforeTheStackTakesIt() {
        tap();
        ArgumentCaptor<LinkReceiver> receiver = ArgumentCaptor.forClass(LinkReceiver.class);
        verify(provider).open(any(), receiver.capture());
        TcpSegment segment = TcpSegment.parse("S 0:0(0) win 1");

        receiver.getValue().onSegment(segment, 42);

        InOrder order = inOrder(listener, stack);
        order.verify(listener).onReceived(segment, 42);
        order.verify(stack).onSegment(segment, 42);
    }

    /** A method of a link that has a default is easily forgotten in what stands before it. */
    @Test
    void everyQuestionIsPutToTheLink() throws ReflectiveOperationException {
        Link tapped = tap();
        for (Method method : Link.class.getMethods()) {
            assertNotEquals(Link.class, tapped.getClass().getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass(), method.getName());
        }
        when(link.carriesEcn()).thenReturn(true);
        when(link.receiveQueueBytes()).thenReturn(1234);
        assertTrue(tapped.carriesEcn());
        assertEquals(1234, tapped.receiveQueueBytes());
    }

    @Test
    void failureToOpenIsHandedOn() {
        BindException cause = new BindException("Address already in use");
        when(provider.open(any(), any())).thenReturn(loop.newFailedFuture(cause));

        Future<Link> opened = new SegmentTap(provider, listener).open(loop, stack);

        assertSame(cause, opened.cause());
    }

    @Test
    void aListenerThatFailsMissesTheSegmentAndNobodyElseDoes() {
        doThrow(new IllegalStateException("of the test")).when(listener).onSent(any(), anyLong());
        doThrow(new IllegalStateException("of the test")).when(listener).onReceived(any(), anyLong());
        Link tapped = tap();
        ArgumentCaptor<LinkReceiver> receiver = ArgumentCaptor.forClass(LinkReceiver.class);
        verify(provider).open(any(), receiver.capture());
        TcpSegment segment = TcpSegment.parse("S 0:0(0) win 1");

        tapped.write(segment);
        receiver.getValue().onSegment(segment, 42);

        verify(link).write(segment);
        verify(stack).onSegment(segment, 42);
    }

    @Test
    void aLinkThatNobodyWaitsForAnyMoreIsClosed() {
        Promise<Link> opening = loop.newPromise();
        when(provider.open(any(), any())).thenReturn(opening);
        Future<Link> opened = new SegmentTap(provider, listener).open(loop, stack);

        opened.cancel(false);
        opening.setSuccess(link);
        channel.runPendingTasks();

        verify(link).close();
    }

    @Test
    void linkBehindTheTapAnswersForItself() {
        when(link.udpPort()).thenReturn(8007);
        when(link.maxPayloadBytes()).thenReturn(65_000);
        Link tapped = tap();
        assertEquals(8007, tapped.udpPort());
        assertEquals(65_000, tapped.maxPayloadBytes());
    }

    private Link tap() {
        when(link.eventLoop()).thenReturn(loop);
        when(provider.open(any(), any())).thenReturn(loop.newSucceededFuture(link));
        return new SegmentTap(provider, listener).open(loop, stack).getNow();
    }
}
