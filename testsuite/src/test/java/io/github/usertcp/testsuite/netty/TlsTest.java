package io.github.usertcp.testsuite.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketSslClientRenegotiateTest;
import io.netty.testsuite.transport.socket.SocketSslEchoTest;
import io.netty.testsuite.transport.socket.SocketSslGreetingTest;
import io.netty.testsuite.transport.socket.SocketSslSessionReuseTest;
import io.netty.testsuite.transport.socket.SocketStartTlsTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** Netty's tests of TLS over sockets, with the JDK's engine and OpenSSL's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private final Ends ends = Ends.asTheBuildSays();

    @AfterAll
    void shutdownLoops() {
        ends.close();
    }

    @Nested
    class SslClientRenegotiate extends SocketSslClientRenegotiateTest {
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
    class SslEcho extends SocketSslEchoTest {
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
    class SslGreeting extends SocketSslGreetingTest {
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
    class SslSessionReuse extends SocketSslSessionReuseTest {
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
    class StartTls extends SocketStartTlsTest {
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
