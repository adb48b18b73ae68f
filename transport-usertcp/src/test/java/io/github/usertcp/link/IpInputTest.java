package io.github.usertcp.link;

import static io.github.usertcp.link.IpPackets.PEER_V4;
import static io.github.usertcp.link.IpPackets.US_V4;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host on a TUN device does with what it gets: segments, drops. What it answers is in {@link IcmpHostTest}. */
class IpInputTest implements SegmentSink {
    private static final String DATA = "P. 1:11(10) ack 1 win 1000";

    private final EmbeddedChannel wire = new EmbeddedChannel();
    private final IpOutput output = new IpOutput(wire, false, 1500);
    private final SegmentCoalescer coalescer = new SegmentCoalescer(this, true, false);
    private final List<String> segments = new ArrayList<>();
    private final List<DropReason> drops = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final LinkReceiver receiver = mock(LinkReceiver.class);
    private final IcmpHost icmp = new IcmpHost(IpPackets.OURS, output, UnpooledByteBufAllocator.DEFAULT, receiver);
    private final FragmentReassembler fragments = new FragmentReassembler(UnpooledByteBufAllocator.DEFAULT, icmp, drops::add);
    private final IpInput input = new IpInput(IpPackets.OURS, this, coalescer, icmp, fragments);
    private long now;

    @BeforeEach
    void record() {
        doAnswer(call -> errors.add(call.getArgument(0).toString())).when(receiver).onIcmp(any(), anyLong());
    }

    @AfterEach
    void end() {
        wire.flushOutbound();
        assertNull(wire.readOutbound(), "an answer nobody expects");
        fragments.release();
        wire.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSegmentIsDelivered(boolean v4) {
        accept(IpPackets.tcp(v4, DATA));
        assertEquals(List.of(DATA), segments);
    }

    @Test
    void paddingIsNotPayload() {
        ByteBuf packet = IpPackets.tcp(true, DATA);
        accept(Unpooled.directBuffer().writeBytes(packet).writeZero(6));
        packet.release();
        assertEquals(List.of(DATA), segments);
    }

    @Test
    void theTrafficClassTravelsWithTheSegment() {
        ByteBuf packet = IpPackets.tcp(false, DATA);
        packet.setInt(0, 6 << 28 | 3 << 20);
        input.accept(packet, true, 0, now);
        assertEquals(3, lastTrafficClass);
        flush();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, true"})
    void aChecksumIsVerifiedUnlessTheKernelAnswersForIt(boolean checksumGood, boolean delivered) {
        ByteBuf packet = IpPackets.tcp(true, DATA);
        packet.setByte(packet.writerIndex() - 1, 1);
        input.accept(packet, checksumGood, 0, now);
        flush();
        assertEquals(delivered ? List.of(DATA) : List.of(), segments);
        assertEquals(delivered ? List.of() : List.of(DropReason.BAD_CHECKSUM), drops);
    }

    @Test
    void aSuperSegmentKeepsTheSizeOfItsPieces() {
        input.accept(IpPackets.tcp(false, "P. 1:3001(3000) ack 1 win 1000"), false, 1400, now);
        assertEquals(1400, lastSegmentSize);
        input.accept(IpPackets.tcp(false, "P. 3001:4001(1000) ack 1 win 1000"), false, 1400, now);
        assertEquals(0, lastSegmentSize, "one piece is no super-segment");
        flush();
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.1, 10.8.0.3, NOT_OURS", "10.9.0.1, 224.0.0.251, NOT_OURS", "10.9.0.1, 255.255.255.255, NOT_OURS", "fd09::1, ff02::1, NOT_OURS",
        "10.9.0.1, 10.9.0.255, NOT_OURS", "fd09::1, fd08::ffff, NOT_OURS",
        "10.9.0.2, 10.9.0.2, BAD_ADDRESS", "10.9.0.9, 10.9.0.2, BAD_ADDRESS", "fd09::2, fd09::9, BAD_ADDRESS", "10.9.0.255, 10.9.0.2, BAD_ADDRESS",
        "0.0.0.0, 10.9.0.2, BAD_ADDRESS", "127.0.0.1, 10.9.0.2, BAD_ADDRESS",
        "224.0.0.1, 10.9.0.2, BAD_ADDRESS", "255.255.255.255, 10.9.0.2, BAD_ADDRESS", "::1, fd09::2, BAD_ADDRESS",
        "::, fd09::2, BAD_ADDRESS", "ff02::1, fd09::2, BAD_ADDRESS",
    })
    void packetsFromOrToTheWrongHostAreDroppedInSilence(String from, String to, DropReason reason) {
        accept(IpPackets.packet(new IpHeader().addresses(IpAddress.parse(from), IpAddress.parse(to)).protocol(IpPackets.UDP), new byte[8]));
        assertEquals(List.of(reason), drops);
    }

    @Test
    void runtsAndLiesAreDropped() {
        for (int length = 0; length < 60; length++) {
            for (boolean v4 : new boolean[] {true, false}) {
                ByteBuf packet = IpPackets.tcp(v4, DATA);
                accept(packet.writerIndex(Math.min(length, packet.writerIndex() - 1)));
            }
        }
        assertEquals(120, drops.size());
        assertEquals(List.of(), segments);
    }

    @Test
    void anErrorAboutOurSegmentGoesToTheStack() {
        ByteBuf ours = IpPackets.packet(new IpHeader().addresses(US_V4, PEER_V4).protocol(6), new byte[] {0, 80, 3, -24, 0, 0, 0, 17});
        accept(icmpError(IcmpErrorKind.HOST_UNREACHABLE, ours));
        assertEquals(List.of("icmp HOST_UNREACHABLE 10.9.0.2:80 > 10.9.0.1:1000 seq 17"), errors);
    }

    @Test
    void icmpThatQuotesRubbishOrIsNoneOfOurBusinessIsDropped() {
        accept(icmpError(IcmpErrorKind.HOST_UNREACHABLE, Unpooled.wrappedBuffer(new byte[28])));
        accept(IpPackets.packet(true, 1, new byte[7]));
        accept(IpPackets.packet(true, 1, new byte[8]));
        ByteBuf broken = IpPackets.echo(false, 3);
        accept(broken.setByte(50, 1));
        assertEquals(List.of(DropReason.BAD_ICMP, DropReason.BAD_ICMP, DropReason.BAD_CHECKSUM, DropReason.BAD_CHECKSUM), drops);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSegmentInFragmentsIsDeliveredWhole(boolean v4) {
        String segment = ". 1:2001(2000) ack 1 win 1000";
        ByteBuf packet = IpPackets.tcp(v4, segment);
        byte[] all = bytes(packet.skipBytes(v4 ? 20 : 40));
        accept(IpPackets.fragment(v4, 6, 9, 1024, false, Arrays.copyOfRange(all, 1024, all.length)));
        accept(IpPackets.fragment(v4, 6, 9, 0, true, Arrays.copyOf(all, 1024)));
        assertEquals(List.of(segment), segments);
    }

    private int lastTrafficClass;
    private int lastSegmentSize;

    @Override
    public void onSegment(TcpSegment segment) {
        segments.add(segment.toString());
        lastTrafficClass = segment.trafficClass();
        lastSegmentSize = segment.segmentSize();
        segment.release();
    }

    @Override
    public void onDropped(DropReason reason) {
        drops.add(reason);
    }

    private void accept(ByteBuf packet) {
        input.accept(packet, false, 0, now);
        flush();
    }

    private void flush() {
        coalescer.flush();
    }

    private static ByteBuf icmpError(IcmpErrorKind kind, ByteBuf quoted) {
        ByteBuf message = Unpooled.buffer();
        IpHeader header = new IpHeader().addresses(PEER_V4, US_V4).protocol(IcmpMessage.PROTOCOL_V4);
        message.writerIndex(IcmpMessage.writeError(kind, header, 0, quoted, message, 0));
        quoted.release();
        return IpPackets.packet(header, bytes(message));
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        return bytes;
    }
}
