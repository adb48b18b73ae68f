package io.github.usertcp.testsuite.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.CompositeBufferGatheringWriteTest;
import io.netty.testsuite.transport.socket.SocketAutoReadTest;
import io.netty.testsuite.transport.socket.SocketBufReleaseTest;
import io.netty.testsuite.transport.socket.SocketCancelWriteTest;
import io.netty.testsuite.transport.socket.SocketConditionalWritabilityTest;
import io.netty.testsuite.transport.socket.SocketDataReadInitialStateTest;
import io.netty.testsuite.transport.socket.SocketEchoTest;
import io.netty.testsuite.transport.socket.SocketExceptionHandlingTest;
import io.netty.testsuite.transport.socket.SocketFileRegionTest;
import io.netty.testsuite.transport.socket.SocketFixedLengthEchoTest;
import io.netty.testsuite.transport.socket.SocketGatheringWriteTest;
import io.netty.testsuite.transport.socket.SocketObjectEchoTest;
import io.netty.testsuite.transport.socket.SocketReadPendingTest;
import io.netty.testsuite.transport.socket.SocketSpdyEchoTest;
import io.netty.testsuite.transport.socket.SocketStringEchoTest;
import io.netty.testsuite.transport.socket.TrafficShapingHandlerTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** Netty's tests of bytes on their way: echo, gathering and file writes, read control, writability. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DataTransferTest {
    private final Ends ends = Ends.asTheBuildSays();

    @AfterAll
    void shutdownLoops() {
        ends.close();
    }

    @Nested
    class AutoRead extends SocketAutoReadTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class BufRelease extends SocketBufReleaseTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class CancelWrite extends SocketCancelWriteTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class CompositeGatheringWrite extends CompositeBufferGatheringWriteTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class ConditionalWritability extends SocketConditionalWritabilityTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class DataReadInitialState extends SocketDataReadInitialStateTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class Echo extends SocketEchoTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class ExceptionHandling extends SocketExceptionHandlingTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class FileRegion extends SocketFileRegionTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class FixedLengthEcho extends SocketFixedLengthEchoTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class GatheringWrite extends SocketGatheringWriteTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class ObjectEcho extends SocketObjectEchoTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class ReadPending extends SocketReadPendingTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class SpdyEcho extends SocketSpdyEchoTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class StringEcho extends SocketStringEchoTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }

    @Nested
    class TrafficShaping extends TrafficShapingHandlerTest {
        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return ends.both();
        }

        @Override
        protected List<ByteBufAllocator> newAllocators() {
            return Ends.ALLOCATORS;
        }
    }
}
