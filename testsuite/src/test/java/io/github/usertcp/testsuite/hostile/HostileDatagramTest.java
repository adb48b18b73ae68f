package io.github.usertcp.testsuite.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.stack.StackCounter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Broken datagrams at a real UDP port: each is counted by its reason, none is logged, and a connection through the same port goes on. */
class HostileDatagramTest {
    private static final int REPEATED = 20;
    private static final int RANDOM_DATAGRAMS = 5000;
    private static final long SEED = 20;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.usertcp");

    @BeforeEach
    void listenToTheLog() {
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void assertNothingWasLoggedAboveDebug() {
        logger.detachAppender(logged);
        logger.setLevel(null);
        assertEquals(List.of(), logged.list.stream().filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO)).toList());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyDatagramOnEveryLoop")
    void isDroppedAndCountedByItsReason(HostileDatagram datagram, IoHandlerFactory loops) throws Exception {
        try (EchoOverUdp echo = new EchoOverUdp(loops)) {
            for (int i = 0; i < REPEATED; i++) {
                echo.strangerSends(datagram.to(echo.serverPort()));
            }
            echo.assertEchoes();

            assertEquals(REPEATED, echo.serverStats().dropped(datagram.reason()));
            assertEquals(0, echo.serverStats().get(StackCounter.INTERNAL_ERRORS));
        }
    }

    static Stream<Arguments> everyDatagramOnEveryLoop() {
        return Stream.of(HostileDatagram.values()).flatMap(datagram -> loops().map(loops -> Arguments.of(datagram, loops)));
    }

    private static Stream<Named<IoHandlerFactory>> loops() {
        return Stream.of(Named.of("epoll", EpollIoHandler.newFactory()), Named.of("nio", NioIoHandler.newFactory()));
    }

    @ParameterizedTest
    @MethodSource("loops")
    void emptyDatagramIsHarmless(IoHandlerFactory loops) throws Exception {
        try (EchoOverUdp echo = new EchoOverUdp(loops)) {
            echo.strangerSends(new byte[0]);
            echo.assertEchoes();
        }
    }

    @Test
    void segmentOfTheConnectionFromAnotherUdpPortIsNotItsOwn() throws Exception {
        try (EchoOverUdp echo = new EchoOverUdp(EpollIoHandler.newFactory())) {
            for (int flags : new int[] {TcpFlags.RST, TcpFlags.RST | TcpFlags.ACK, TcpFlags.FIN | TcpFlags.ACK, TcpFlags.ACK}) {
                echo.strangerSends(HostileDatagram.header(echo.clientPort(), echo.serverPort(), 5, flags));
            }
            echo.assertEchoes();

            assertEquals(2, echo.serverStats().get(StackCounter.RESETS_SENT), "by the listener, in answer to those two that are no resets");
        }
    }

    @ParameterizedTest
    @MethodSource("loops")
    void randomBytesAreHarmless(IoHandlerFactory loops) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        try (EchoOverUdp echo = new EchoOverUdp(loops)) {
            for (int i = 0; i < RANDOM_DATAGRAMS; i++) {
                echo.strangerSends(randomDatagram(random, echo.serverPort()));
                if (i % 100 == 0) {
                    echo.assertEchoes();
                }
            }
            echo.assertEchoes();

            assertEquals(0, echo.serverStats().get(StackCounter.INTERNAL_ERRORS));
        }
    }

    /** Half of them reach the listener's door: right ports and a data offset that fits, the rest as it comes. */
    private static byte[] randomDatagram(SplittableRandom random, int serverPort) {
        byte[] bytes = new byte[random.nextInt(1, 200)];
        random.nextBytes(bytes);
        if (bytes.length >= 60 && random.nextBoolean()) {
            byte[] header = HostileDatagram.header(random.nextInt(1, 65_536), serverPort, random.nextInt(5, 16), random.nextInt(512));
            System.arraycopy(header, 0, bytes, 0, 4);
            System.arraycopy(header, 12, bytes, 12, 2);
        }
        return bytes;
    }
}
