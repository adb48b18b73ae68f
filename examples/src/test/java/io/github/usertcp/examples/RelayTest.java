package io.github.usertcp.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.net.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the ends of two channels follow each other; that resets arrive as resets is tested with the kernel's TCP. */
class RelayTest {
    private final Duplex accepted = new Duplex();
    private final Duplex outside = new Duplex();

    @AfterEach
    void release() {
        accepted.finishAndReleaseAll();
        outside.finishAndReleaseAll();
    }

    private void join() {
        Relay.join(accepted, outside.newSucceededFuture(), outside);
        accepted.runPendingTasks();
        outside.runPendingTasks();
    }

    @Test
    void whoLeavesWhileConnectingTakesTheOtherAlong() {
        accepted.close();
        join();
        assertFalse(outside.isOpen());
    }

    @Test
    void whoCannotBeConnectedIsHungUpOn() {
        Relay.join(accepted, outside.newFailedFuture(new ConnectException("of the test")), null);
        assertFalse(accepted.isOpen());
    }

    @Test
    void whatComesInGoesOutAndThenTheEnd() {
        join();
        accepted.writeInbound("request");
        assertEquals("request", outside.readOutbound());
        accepted.end();
        assertTrue(outside.isOutputShutdown());
        outside.writeInbound("answer");
        assertEquals("answer", accepted.readOutbound());
        assertTrue(accepted.isOpen() && outside.isOpen(), "half closed");

        outside.end();
        outside.runPendingTasks();
        accepted.runPendingTasks();
        assertFalse(accepted.isOpen() || outside.isOpen(), "both have ended");
    }

    @Test
    void whatBreaksBreaksTheOther() {
        join();
        outside.pipeline().fireExceptionCaught(new ConnectException("of the test"));
        outside.runPendingTasks();
        assertFalse(accepted.isOpen() || outside.isOpen());
    }

    /** A channel with two directions, each of which ends by itself. */
    private static final class Duplex extends EmbeddedChannel implements DuplexChannel {
        private boolean inputShutdown;
        private boolean outputShutdown;

        /** The peer has no more to say. */
        void end() {
            inputShutdown = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline().fireChannelReadComplete();
        }

        @Override
        public boolean isInputShutdown() {
            return inputShutdown;
        }

        @Override
        public ChannelFuture shutdownInput() {
            return shutdownInput(newPromise());
        }

        @Override
        public ChannelFuture shutdownInput(ChannelPromise promise) {
            inputShutdown = true;
            return promise.setSuccess();
        }

        @Override
        public boolean isOutputShutdown() {
            return outputShutdown;
        }

        @Override
        public ChannelFuture shutdownOutput() {
            return shutdownOutput(newPromise());
        }

        @Override
        public ChannelFuture shutdownOutput(ChannelPromise promise) {
            outputShutdown = true;
            return promise.setSuccess();
        }

        @Override
        public boolean isShutdown() {
            return inputShutdown && outputShutdown;
        }

        @Override
        public ChannelFuture shutdown() {
            return shutdown(newPromise());
        }

        @Override
        public ChannelFuture shutdown(ChannelPromise promise) {
            inputShutdown = true;
            return shutdownOutput(promise);
        }
    }
}
