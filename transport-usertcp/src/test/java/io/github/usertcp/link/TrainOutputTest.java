package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpSegment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainOutputTest {
    private static final IpAddress PEER = IpAddress.parse("192.0.2.1");
    private static final IpAddress OTHER = IpAddress.parse("192.0.2.2");
    /** Linux's numbers. */
    private static final int EIO = -5;
    private static final int EINVAL = -22;
    private static final int EMSGSIZE = -90;
    private static final int ENETUNREACH = -101;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> tooBig = new ArrayList<>();
    private int pathMtu = 1500;
    private boolean asked = true;
    private boolean givenUp;
    private final TrainOutput output = new TrainOutput(channel, false, this::explain, () -> givenUp = true);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static TcpSegment segment(IpAddress to, int fromPort, int payload, int segmentSize) {
        return new TcpSegment().source(IpAddress.parse("192.0.2.9"), fromPort).destination(to, 80).udpPorts(9, 8007).ack(1)
            .payload(Unpooled.buffer(Math.max(1, payload)).writeZero(payload)).segmentSize(segmentSize);
    }

    private TrainOutput.TooBig.Answer explain(InetSocketAddress peer, int bytes) {
        if (!asked) {
            return TrainOutput.TooBig.Answer.NOT_ASKED;
        }
        tooBig.add(peer.getAddress().getHostAddress() + " " + bytes);
        return bytes + 28 > pathMtu ? TrainOutput.TooBig.Answer.YES : TrainOutput.TooBig.Answer.NO;
    }

    private void write(TcpSegment segment) {
        output.write(segment);
        segment.release();
    }

    private List<DatagramPacket> sent() {
        output.flush();
        List<DatagramPacket> packets = new ArrayList<>();
        for (DatagramPacket packet = channel.readOutbound(); packet != null; packet = channel.readOutbound()) {
            packets.add(packet);
        }
        return packets;
    }

    private static String shape(List<DatagramPacket> packets) {
        StringBuilder shape = new StringBuilder();
        for (DatagramPacket packet : packets) {
            shape.append(shape.isEmpty() ? "" : " ").append(packet.content().readableBytes());
            if (packet instanceof SegmentedDatagramPacket) {
                shape.append('/').append(((SegmentedDatagramPacket) packet).segmentSize());
            }
            packet.release();
        }
        return shape.toString();
    }

    @Test
    void aSuperSegmentIsOneTrain() {
        write(segment(PEER, 1, 44 * 1440, 1440));
        assertEquals("64240/1460", shape(sent()));
    }

    @Test
    void equalSegmentsOfSeveralConnectionsShareATrain() {
        for (int port = 1; port <= 10; port++) {
            write(segment(PEER, port, 64, 0));
        }
        assertEquals("840/84", shape(sent()));
    }

    @Test
    void aShorterOneEndsTheTrain() {
        write(segment(PEER, 1, 3000, 1440));
        write(segment(PEER, 2, 1440, 0));
        write(segment(PEER, 3, 100, 0));
        write(segment(PEER, 4, 100, 0));
        assertEquals("3060/1460 1580/1460 120", shape(sent()));
    }

    @Test
    void destinationsDoNotMix() {
        write(segment(PEER, 1, 64, 0));
        write(segment(OTHER, 1, 64, 0));
        write(segment(PEER, 1, 64, 0));
        assertEquals("84 84 84", shape(sent()));
    }

    @Test
    void aTrainHasNotMoreThan64Segments() {
        for (int i = 0; i < 100; i++) {
            write(segment(PEER, 1, 0, 0));
        }
        assertEquals("1280/20 720/20", shape(sent()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsCutApartIsWhatSingleDatagramsWouldBe(long seed) {
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int size = random.nextInt(4) == 0 ? 0 : 536 + random.nextInt(900);
            int payload = size == 0 ? random.nextInt(1400) : random.nextInt(64_000);
            TcpSegment segment = segment(random.nextInt(5) == 0 ? OTHER : PEER, 1 + random.nextInt(3), payload, size).seq(random.nextInt());
            for (int piece = 0; piece < SegmentSplitter.pieceCount(segment); piece++) {
                ByteBuf single = Unpooled.buffer();
                SegmentSplitter.writePieces(segment, piece, 1, single, false);
                expected.add(segment.destination() + hex(single));
                single.release();
            }
            write(segment);
        }
        List<String> datagrams = new ArrayList<>();
        for (DatagramPacket packet : sent()) {
            cut(packet, datagrams);
        }
        assertEquals(expected, datagrams, "seed " + seed);
    }

    private static String hex(ByteBuf bytes) {
        return HexFormat.of().formatHex(ByteBufUtil.getBytes(bytes));
    }

    private static void cut(DatagramPacket packet, List<String> datagrams) {
        ByteBuf content = packet.content();
        int size = packet instanceof SegmentedDatagramPacket ? ((SegmentedDatagramPacket) packet).segmentSize() : content.readableBytes();
        assertTrue(content.readableBytes() <= TrainOutput.MAX_BYTES);
        assertTrue((content.readableBytes() + size - 1) / size <= TrainOutput.MAX_SEGMENTS);
        while (content.isReadable()) {
            int length = Math.min(size, content.readableBytes());
            datagrams.add(packet.recipient().getAddress().getHostAddress() + hex(content.readSlice(length)));
        }
        packet.release();
    }

    /** Has trains to that peer, {@code null} for all, fail as the kernel lets them fail. */
    private void refuse(IpAddress peer, int error) {
        assumeTrue(Epoll.isAvailable(), "the native library names errors");
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                boolean train = message instanceof SegmentedDatagramPacket;
                if (train && (peer == null || peer.toInetAddress().equals(((SegmentedDatagramPacket) message).recipient().getAddress()))) {
                    ReferenceCountUtil.release(message);
                    promise.tryFailure(new Errors.NativeIoException("sendmmsg", error));
                } else {
                    ctx.write(message, promise);
                }
            }
        });
    }

    @Test
    void aPeerToWhomTrainsDoNotLeaveGetsSingleDatagramsAndOthersKeepTheirTrains() {
        refuse(PEER, EIO);
        for (int flight = 0; flight < 5; flight++) {
            write(segment(PEER, 1, 3000, 1440));
            write(segment(OTHER, 1, 3000, 1440));
            assertEquals(flight == 0 ? "3060/1460" : "1460 1460 140 3060/1460", shape(sent()));
        }
        assertFalse(givenUp);
    }

    @Test
    void trainsThatLeaveToNobodyAreGivenUp() {
        refuse(null, EIO);
        for (int peer = 1; peer <= 3; peer++) {
            assertFalse(givenUp);
            write(segment(IpAddress.v4(0xC000_0200 + peer), 1, 3000, 1440));
            output.flush();
        }
        assertTrue(givenUp);
    }

    @ParameterizedTest
    @ValueSource(ints = {EINVAL, EMSGSIZE})
    void aTrainOfTooLargeDatagramsSaysSoAndNothingAboutTrains(int error) {
        refuse(null, error);
        pathMtu = 1400;
        for (int flight = 0; flight < 5; flight++) {
            write(segment(PEER, 1, 3000, 1440));
            output.flush();
        }
        assertEquals(Collections.nCopies(5, "192.0.2.1 1460"), tooBig);
        channel.pipeline().removeLast();
        write(segment(PEER, 1, 3000, 1300));
        assertEquals("3060/1320", shape(sent()));
    }

    @Test
    void aTrainRefusedAlthoughItsDatagramsFitIsNotTriedAgain() {
        refuse(null, EINVAL);
        write(segment(PEER, 1, 3000, 1440));
        assertEquals("", shape(sent()));
        write(segment(PEER, 1, 3000, 1440));
        assertEquals("1460 1460 140", shape(sent()));
    }

    @Test
    void trainsAreTriedAgainWhereNobodyHadTimeToSayWhyTheyDidNotLeave() {
        refuse(null, EINVAL);
        asked = false;
        for (int peer = 1; peer <= 5; peer++) {
            write(segment(IpAddress.v4(0xC000_0200 + peer), 1, 3000, 1440));
            assertEquals("", shape(sent()));
        }
        assertFalse(givenUp);
        channel.pipeline().removeLast();
        write(segment(PEER, 1, 3000, 1440));
        assertEquals("3060/1460", shape(sent()));
    }

    @Test
    void aPeerOutOfReachSaysNothingAboutTrains() {
        refuse(PEER, ENETUNREACH);
        for (int flight = 0; flight < 5; flight++) {
            write(segment(PEER, 1, 3000, 1440));
            assertEquals("", shape(sent()));
        }
        channel.pipeline().removeLast();
        write(segment(PEER, 1, 3000, 1440));
        assertEquals("3060/1460", shape(sent()));
    }

    @Test
    void whatHasNotLeftIsReleased() {
        write(segment(PEER, 1, 100, 0));
        output.release();
        assertEquals("", shape(sent()));
    }
}
