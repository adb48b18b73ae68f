package io.github.usertcp.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.TcpChecksum;
import io.github.usertcp.codec.TcpHeaderReader;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.github.usertcp.stack.LinkReceiver;
import io.github.usertcp.stack.TcpStack;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the file: read back block by block. That tshark reads it likewise is tested with real traffic. */
class SegmentCaptureTest {
    private static final IpAddress US = IpAddress.parse("2001:db8::1");
    private static final IpAddress PEER = IpAddress.parse("2001:db8::2");

    @TempDir
    private Path directory;
    private final List<Long> times = new ArrayList<>();

    @Test
    void everyPieceIsAPacketWithDirectionAndRightChecksum() throws IOException {
        SegmentCapture capture = new SegmentCapture();
        Path path = directory.resolve("a.pcapng");
        capture.start(path);
        send(capture, "S 0:0(0) win 65535 <mss 1000>", 0, 5_000);
        receive(capture, "S. 0:0(0) ack 1 win 65535 <mss 1000>", 8_000);
        send(capture, "P. 1:2501(2500) ack 1 win 1000", 1000, 9_000);
        capture.stop();
        assertEquals(List.of("> S 0:0(0) win 65535 <mss 1000>", "< S. 0:0(0) ack 1 win 65535 <mss 1000>", "> . 1:1001(1000) ack 1 win 1000",
            "> . 1001:2001(1000) ack 1 win 1000", "> P. 2001:2501(500) ack 1 win 1000"), read(path, Integer.MAX_VALUE));
        assertEquals(3_000, times.get(1) - times.get(0));
        assertEquals(1_000, times.get(4) - times.get(1));
    }

    @Test
    void onlyTheBeginningIsKeptWhereAskedFor() throws IOException {
        SegmentCapture capture = new SegmentCapture(61);
        Path path = directory.resolve("a.pcapng");
        capture.start(path);
        send(capture, "P. 1:1001(1000) ack 1 win 1000", 0, 0);
        capture.stop();
        assertEquals(List.of("> P. 1:2(1) ack 1 win 1000"), read(path, 61));
    }

    @Test
    void aCaptureStopsAndStartsAgainAndTellsNothingInBetween() throws IOException {
        SegmentCapture capture = new SegmentCapture();
        send(capture, ". 1:1(0) ack 1 win 1", 0, 0);
        Path first = directory.resolve("first");
        capture.start(first);
        assertTrue(capture.isRunning());
        assertThrows(IllegalStateException.class, () -> capture.start(first));
        capture.stop();
        capture.stop();
        assertFalse(capture.isRunning());
        assertEquals(List.of(), read(first, Integer.MAX_VALUE), "a file without packets is one all the same");
        capture.start(first);
        receive(capture, ". 2:2(0) ack 1 win 1", 0);
        capture.stop();
        assertEquals(List.of("< . 2:2(0) ack 1 win 1"), read(first, Integer.MAX_VALUE));
    }

    @Test
    void aRunningStackIsCapturedFromNowOnAndNoLongerThanAsked() throws IOException {
        EmbeddedChannel channel = new EmbeddedChannel();
        AtomicReference<LinkReceiver> receiver = new AtomicReference<>();
        Link link = mock(Link.class);
        when(link.eventLoop()).thenReturn(channel.eventLoop());
        doAnswer(call -> call.<TcpSegment>getArgument(0).release()).when(link).write(any());
        TcpStack stack = TcpStack.builder().link((loop, to) -> {
            receiver.set(to);
            return loop.newSucceededFuture(link);
        }).open(channel.eventLoop()).getNow();
        SegmentCapture capture = new SegmentCapture();
        Path path = directory.resolve("a.pcapng");

        receiver.get().onSegment(segment("S 1:1(0) win 1", PEER, US), channel.eventLoop().ticker().nanoTime());
        capture.start(stack, path);
        receiver.get().onSegment(segment("S 5:5(0) win 1", PEER, US), channel.eventLoop().ticker().nanoTime());
        capture.stop();
        receiver.get().onSegment(segment("S 7:7(0) win 1", PEER, US), channel.eventLoop().ticker().nanoTime());

        assertEquals(List.of("< S 5:5(0) win 1", "> R. 0:0(0) ack 6 win 0"), read(path, Integer.MAX_VALUE));
        verify(link, times(3)).write(any());
        channel.finishAndReleaseAll();
    }

    @Test
    void moreThanTheBufferHolds() throws IOException {
        SegmentCapture capture = new SegmentCapture();
        Path path = directory.resolve("a.pcapng");
        capture.start(path);
        for (int i = 0; i < 100; i++) {
            send(capture, "P. 1:60001(60000) ack 1 win 1", 0, i);
        }
        capture.stop();
        assertEquals(100, read(path, Integer.MAX_VALUE).size());
    }

    @Test
    void aFileThatCannotBeWrittenIsTheCallersException() {
        assertThrows(IOException.class, () -> new SegmentCapture().start(directory.resolve("none/a.pcapng")));
        assertThrows(IllegalArgumentException.class, () -> new SegmentCapture(59));
    }

    @Test
    void aPipelineIsCapturedByItsHandler() throws IOException {
        SegmentCapture capture = new SegmentCapture();
        Path path = directory.resolve("a.pcapng");
        capture.start(path);
        EmbeddedChannel channel = new EmbeddedChannel(new PcapHandler(capture));
        channel.writeInbound(segment("S 0:0(0) win 1", PEER, US), "something else");
        channel.writeOutbound(segment("S. 0:0(0) ack 1 win 1", US, PEER), "something else");
        capture.stop();
        assertEquals(List.of("< S 0:0(0) win 1", "> S. 0:0(0) ack 1 win 1"), read(path, Integer.MAX_VALUE));
        channel.finishAndReleaseAll();
    }

    private static void send(SegmentCapture capture, String text, int segmentSize, long nowNanos) {
        TcpSegment segment = segment(text, US, PEER).segmentSize(segmentSize);
        capture.onSent(segment, nowNanos);
        assertEquals(1, segment.refCnt());
        segment.release();
    }

    private static void receive(SegmentCapture capture, String text, long nowNanos) {
        TcpSegment segment = segment(text, PEER, US);
        capture.onReceived(segment, nowNanos);
        segment.release();
    }

    private static TcpSegment segment(String text, IpAddress from, IpAddress to) {
        return TcpSegment.parse(text).source(from, 1000).destination(to, 2000);
    }

    /** The packets as text, with their direction, all blocks and lengths verified. */
    private List<String> read(Path path, int snapLength) throws IOException {
        ByteBuf file = Unpooled.wrappedBuffer(Files.readAllBytes(path));
        assertEquals(0x0A0D0D0A, file.readInt());
        skipBlock(file);
        assertEquals(1, file.readInt());
        assertEquals(101, file.getUnsignedShort(file.readerIndex() + 4));
        skipBlock(file);
        List<String> packets = new ArrayList<>();
        while (file.isReadable()) {
            assertEquals(6, file.readInt());
            int block = file.readerIndex() - 4;
            skipBlock(file);
            times.add(file.getLong(block + 12));
            int captured = file.getInt(block + 20);
            assertEquals(Math.min(snapLength, file.getInt(block + 24)), captured);
            packets.add((file.getInt(file.readerIndex() - 12) == 2 ? "> " : "< ") + packet(file, block + 28, captured, file.getInt(block + 24)));
        }
        return packets;
    }

    private static void skipBlock(ByteBuf file) {
        int length = file.readInt();
        assertEquals(0, length & 3);
        file.skipBytes(length - 12);
        assertEquals(length, file.readInt());
    }

    private static String packet(ByteBuf file, int index, int captured, int length) {
        IpHeader header = new IpHeader();
        ByteBuf packet = Unpooled.copiedBuffer(file.slice(index, captured)).capacity(length).writerIndex(length);
        assertNull(IpHeader.read(packet, 0, length, header));
        int tcp = header.headerLength();
        assertTrue(captured < length || TcpChecksum.isValid(packet, tcp, header.payloadLength(), header.source(), header.destination()));
        TcpSegment segment = new TcpSegment();
        assertNull(TcpHeaderReader.read(packet, tcp, captured - tcp, segment));
        String text = segment.toString();
        segment.release();
        packet.release();
        return text;
    }
}
