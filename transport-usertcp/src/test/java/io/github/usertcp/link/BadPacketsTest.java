package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.InternetChecksum;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One bad packet at a time, and what a host behind a TUN device makes of it: segments, as text, and drops. */
@EnabledIf(value = "isLittleEndian", disabledReason = "the virtio headers below are those of a little-endian machine")
class BadPacketsTest {
    private static final String DATA = "P. 1:3001(3000) ack 1 win 1000";
    private static final String NO_HEADER = "00000000000000000000";
    private static final int TCP = 6;
    private static final int FRAGMENT_HEADER = 44;

    private final VirtualNetwork clock = new VirtualNetwork();
    private final List<String> told = new ArrayList<>();
    private final PacketLink link = new PacketLink(clock.loop(), new Notes(), IpPackets.US_V4, IpPackets.US_V6, true);

    static boolean isLittleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    @AfterEach
    void nothingIsHeld() {
        link.close();
        assertEquals(0, link.memoryHeld());
    }

    /** Ten bytes: flags, type, header length, size, checksum's start and offset, two bytes each from the third. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a TCP super-segment,           01013400e80314001000, P. 1:3001(3000) ack 1 win 1000 size 1000",
        "pieces of no size,             01013400000014001000, P. 1:3001(3000) ack 1 win 1000 size 0",
        "pieces of one byte,            01013400010014001000, P. 1:3001(3000) ack 1 win 1000 size 1",
        "pieces larger than the whole,  01013400ffff14001000, P. 1:3001(3000) ack 1 win 1000 size 0",
        "the other IP version,          01043400e80314001000, P. 1:3001(3000) ack 1 win 1000 size 1000",
        "a UDP super-packet,            01033400e80314001000, P. 1:3001(3000) ack 1 win 1000 size 0",
        "a type nobody has defined,     017f3400e80314001000, P. 1:3001(3000) ack 1 win 1000 size 0",
        "headers beyond the packet,     0101ffffe80314001000, P. 1:3001(3000) ack 1 win 1000 size 1000",
        "a checksum beyond the packet,  01013400e803ffffffff, P. 1:3001(3000) ack 1 win 1000 size 1000",
        "flags nobody has defined,      fc003400e80314001000, P. 1:3001(3000) ack 1 win 1000 size 0",
    })
    void aHeaderThatLiesIsBelievedInNothingButTheSizeOfPieces(String what, String header, String segment) {
        receive(header, IpPackets.tcp(true, DATA));
        assertEquals(List.of(segment), told);
    }

    @ParameterizedTest
    @CsvSource({NO_HEADER + ", BAD_CHECKSUM", "00013400e80314001000, BAD_CHECKSUM", "fc7f3400e80314001000, BAD_CHECKSUM"})
    void aChecksumNobodyAnswersForIsVerified(String header, DropReason reason) {
        ByteBuf packet = IpPackets.tcp(true, DATA);
        receive(header, packet.setByte(packet.writerIndex() - 1, 1));
        assertEquals(List.of(reason.toString()), told);
    }

    /** Nobody cuts these; who says that they are to be cut is wrong about it, and what is in them is looked at all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"S 0:0(0) win 1000 <mss 1460>", "R 1:1(0) win 0", ". 1:1(0) ack 1 win 1000", "F. 1:1(0) ack 1 win 1000"})
    void whatHasNoPayloadIsNoSuperSegment(String segment) {
        receive("01013400e80314001000", IpPackets.tcp(true, segment));
        assertEquals(List.of(segment + " size 0"), told);
    }

    @ParameterizedTest
    @CsvSource({"40, DATA_OFFSET_TOO_SMALL", "f0, DATA_OFFSET_BEYOND_SEGMENT"})
    void aSuperSegmentHasAHeaderLikeAnyOther(String dataOffset, DropReason reason) {
        ByteBuf packet = IpPackets.tcp(false, ". 1:2(1) ack 1 win 1000");
        receive("01043400e80314001000", packet.setByte(40 + 12, Integer.parseInt(dataOffset, 16)));
        assertEquals(List.of(reason.toString()), told);
    }

    @Test
    void halfAHeaderIsDropped() {
        for (int length = 0; length <= 10; length++) {
            link.receive(link.memory.heapBuffer(10).writeZero(length));
        }
        assertEquals(List.of("BAD_IP_HEADER"), told.stream().distinct().toList());
        assertEquals(11, told.size());
    }

    /** A packet of more than 64 KiB can only be longer than it says: the rest is padding. */
    @Test
    void aGiantIsAsLongAsItSays() {
        ByteBuf packet = IpPackets.tcp(false, DATA);
        ByteBuf giant = Unpooled.buffer(100_000).writeBytes(packet).writeZero(90_000);
        packet.release();
        receive(NO_HEADER, giant);
        assertEquals(List.of(DATA + " size 0"), told);
    }

    /** RFC 2675: a payload length of 0, and the real one in an option; only for links of more than 64 KiB. */
    @Test
    void aJumbogramIsDropped() {
        byte[] content = ByteBufUtil.decodeHexDump("0600c20400020000" + "00".repeat(40));
        receive(NO_HEADER, IpPackets.packet(false, 0, content).setShort(4, 0));
        assertEquals(List.of("BAD_IP_HEADER"), told);
    }

    /** As many packets as one can begin, each of which could become 64 KiB: what is held is bounded, and TCP beside them is delivered. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fragmentsThatNeverBecomeWholeHoldLittle(boolean v4) {
        long most = 0;
        for (int id = 0; id < 1_000; id++) {
            receive(NO_HEADER, IpPackets.fragment(v4, TCP, id, 64_000, true, new byte[1_400]));
            most = Math.max(most, link.memoryHeld());
        }
        assertTrue(most <= FragmentReassembler.MAX_PACKETS * 128 * 1024, most + " bytes held");
        assertEquals(1_000 - FragmentReassembler.MAX_PACKETS, told.stream().filter("FRAGMENT_NO_ROOM"::equals).count());
        told.clear();
        receive(NO_HEADER, IpPackets.tcp(v4, DATA));
        assertEquals(List.of(DATA + " size 0"), told);
    }

    /** A whole packet that turns out to be a fragment: it is one more packet to complete, and its sender gets nothing for the trouble. */
    @Test
    void fragmentsWithinFragmentsAreFragments() {
        byte[] segment = content(IpPackets.tcp(false, ". 1:101(100) ack 1 win 1000"));
        byte[] inner = content(IpPackets.fragment(false, TCP, 8, 0, true, Arrays.copyOf(segment, 64)));
        receive(NO_HEADER, IpPackets.fragment(false, FRAGMENT_HEADER, 7, 0, true, Arrays.copyOf(inner, 40)));
        receive(NO_HEADER, IpPackets.fragment(false, FRAGMENT_HEADER, 7, 40, false, Arrays.copyOfRange(inner, 40, inner.length)));
        assertEquals(List.of(), told);
        receive(NO_HEADER, IpPackets.fragment(false, TCP, 8, 64, false, Arrays.copyOfRange(segment, 64, segment.length)));
        assertEquals(List.of(". 1:101(100) ack 1 win 1000 size 0"), told);
    }

    /** RFC 6946: whole, behind a fragment header that says so, whatever waits with the same identification. */
    @Test
    @Tag("RFC6946-4")
    void anAtomicFragmentIsAPacket() {
        receive(NO_HEADER, IpPackets.fragment(false, TCP, 7, 0, true, new byte[64]));
        receive(NO_HEADER, IpPackets.fragment(false, TCP, 7, 0, false, content(IpPackets.tcp(false, DATA))));
        assertEquals(List.of(DATA + " size 0"), told);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "a router that demands no bytes       | 0304 | 0",
        "a router that demands too little     | 0304 | 68",
        "errors of no kind                    | 030f | 0",
        "a redirect                           | 0500 | 0",
        "a source quench                      | 0400 | 0",
        "a reply to no request                | 0000 | 0",
        "a request for a timestamp            | 0d00 | 0",
    })
    void icmpThatQuotesNothingIsDropped(String what, String typeAndCode, int rest) {
        ByteBuf message = Unpooled.buffer().writeShort(Integer.parseInt(typeAndCode, 16)).writeShort(0).writeInt(rest).writeZero(28);
        message.setShort(2, InternetChecksum.of(message, 0, message.readableBytes()));
        receive(NO_HEADER, IpPackets.packet(true, 1, ByteBufUtil.getBytes(message)));
        message.release();
        assertEquals(List.of("BAD_ICMP"), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.9.0.2", "10.9.0.255", "127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "fd09::2", "::1", "::", "ff02::1"})
    void noAnswerGoesToAnAddressThatNobodyHas(String source) {
        IpAddress from = IpAddress.parse(source);
        IpHeader header = new IpHeader().addresses(from, from.isV4() ? IpPackets.US_V4 : IpPackets.US_V6).protocol(IpPackets.UDP);
        receive(NO_HEADER, IpPackets.packet(header, new byte[8]));
        assertEquals(List.of("BAD_ADDRESS"), told);
        assertEquals(List.of(), link.takeSent());
    }

    private void receive(String header, ByteBuf packet) {
        link.receive(link.memory.directBuffer().writeBytes(ByteBufUtil.decodeHexDump(header)).writeBytes(packet));
        packet.release();
        link.readComplete();
    }

    /** What is behind the IPv6 header. */
    private static byte[] content(ByteBuf packet) {
        byte[] bytes = ByteBufUtil.getBytes(packet.skipBytes(40));
        packet.release();
        return bytes;
    }

    private final class Notes implements LinkReceiver {
        @Override
        public void onSegment(TcpSegment segment, long nowNanos) {
            told.add(segment + " size " + segment.segmentSize());
            segment.release();
        }

        @Override
        public void onDropped(DropReason reason) {
            told.add(reason.toString());
        }

        @Override
        public void onIcmp(IcmpError error, long nowNanos) {
            told.add(error.toString());
        }

        @Override
        public void onUnreachable(IpAddress remote, int udpPort, long nowNanos) {
            throw new AssertionError("not over plain IP");
        }

        @Override
        public void onTooBig(Map<IpAddress, Integer> pathMtus, long nowNanos) {
            throw new AssertionError("not over plain IP");
        }

        @Override
        public void onFailed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void onReadComplete(long nowNanos) {
            // Nobody waits.
        }

        @Override
        public void onWritable() {
            // Nothing is to be written.
        }

        @Override
        public void onClosing() {
            // Nothing is to be said.
        }

        @Override
        public void onClosed() {
            // Nor is anybody there.
        }
    }
}
