package io.github.usertcp.link;

import static io.github.usertcp.link.IpPackets.PEER_V4;
import static io.github.usertcp.link.IpPackets.PEER_V6;
import static io.github.usertcp.link.IpPackets.US_V4;
import static io.github.usertcp.link.IpPackets.US_V6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.SegmentCoalescer;
import io.github.usertcp.codec.SegmentSink;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host on a TUN device answers to what it gets, and when it keeps silent. */
class IcmpHostTest implements SegmentSink {
    private static final int MTU = 1500;
    private static final int ECHO_REPLY_V4 = 0;
    private static final int ECHO_REPLY_V6 = 129;

    private final EmbeddedChannel wire = new EmbeddedChannel();
    private final LinkReceiver receiver = mock(LinkReceiver.class);
    private final List<DropReason> drops = new ArrayList<>();
    private final IcmpHost icmp = new IcmpHost(IpPackets.OURS, new IpOutput(wire, false, MTU), UnpooledByteBufAllocator.DEFAULT, receiver);
    private final FragmentReassembler fragments = new FragmentReassembler(UnpooledByteBufAllocator.DEFAULT, icmp, drops::add);
    private final FragmentTimer timer = new FragmentTimer(wire.eventLoop(), fragments, wire::flushOutbound);
    private final SegmentCoalescer coalescer = new SegmentCoalescer(this, true, false);
    private final IpInput input = new IpInput(IpPackets.OURS, this, coalescer, icmp, fragments);

    @BeforeEach
    void record() {
        wire.freezeTime();
        doAnswer(call -> drops.add(call.getArgument(0))).when(receiver).onDropped(any());
    }

    @AfterEach
    void end() {
        assertEquals(List.of(), answers(), "answers nobody expects");
        timer.cancel();
        fragments.release();
        wire.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEchoIsAnswered(boolean v4) {
        accept(IpPackets.echo(v4, 3));
        ByteBuf reply = onlyAnswer();
        assertReply(v4, 3, reply);
        assertEquals(v4 ? 0 : 0x6000_0000, reply.getInt(v4 ? 6 : 0) & (v4 ? 0xFFFF_0000 : -1), "routers may cut it");
        reply.release();
    }

    @ParameterizedTest
    @CsvSource({"true, 1472, 1", "true, 1473, 2", "true, 3000, 3", "true, 65507, 45", "false, 1452, 1", "false, 1453, 2", "false, 65000, 45"})
    @Tag("RFC6864-4.3")
    void aLongEchoIsAnsweredInFragments(boolean v4, int length, int count) {
        accept(IpPackets.echo(v4, length));
        List<ByteBuf> packets = answers();
        assertEquals(count, packets.size());
        FragmentReassembler peer = new FragmentReassembler(UnpooledByteBufAllocator.DEFAULT, icmp, drops::add);
        ByteBuf whole = count == 1 ? packets.get(0).retain() : null;
        for (ByteBuf packet : packets) {
            IpHeader header = read(packet);
            assertTrue(packet.readableBytes() <= MTU);
            assertFalse(v4 && header.isDontFragment());
            whole = count == 1 ? whole : peer.add(packet, header, 0);
            packet.release();
        }
        assertReply(v4, length, whole);
        whole.release();
    }

    @Test
    @Tag("RFC6864-4.3")
    void eachReplyHasAnIdentificationOfItsOwn() {
        accept(IpPackets.echo(true, 3));
        accept(IpPackets.echo(true, 3));
        List<ByteBuf> replies = answers();
        assertNotEquals(read(replies.get(0)).identification(), read(replies.get(1)).identification());
        replies.forEach(ByteBuf::release);
    }

    @ParameterizedTest
    @Tag("RFC1122-3.2.2.1")
    @CsvSource({"true, 17, 0303, 0", "true, 132, 0302, 0", "false, 17, 0104, 0", "false, 132, 0401, 6"})
    void otherProtocolsAreRefused(boolean v4, int protocol, String typeAndCode, int rest) {
        ByteBuf packet = IpPackets.packet(v4, protocol, new byte[16]);
        String quoted = ByteBufUtil.hexDump(packet);
        accept(packet);
        assertError(v4, typeAndCode, rest, quoted);
        assertEquals(List.of(DropReason.NOT_TCP), drops);
    }

    @ParameterizedTest
    @CsvSource({"10.9.0.77, 6, 0301", "10.9.0.77, 17, 0301", "10.10.1.2, 6, 0301", "fd09::77, 6, 0103", "fd10::1, 17, 0103"})
    void whoIsNotInOurNetworksIsUnreachable(String to, int protocol, String typeAndCode) {
        ByteBuf packet = IpPackets.packet(to(to).protocol(protocol), new byte[20]);
        String quoted = ByteBufUtil.hexDump(packet);
        accept(packet);
        assertError(!to.contains(":"), typeAndCode, 0, quoted);
        assertEquals(List.of(DropReason.NOT_OURS), drops);
    }

    @ParameterizedTest
    @Tag("RFC1122-3.2.2")
    @Tag("RFC4443-2.4")
    @CsvSource({
        "another network,            10.8.0.1,        6, 0000", "another network,       fd11::1,   6, 0000",
        "a broadcast,                10.9.0.255,      6, 0000", "any broadcast, 255.255.255.255, 6, 0000",
        "a multicast,                224.0.0.251,    17, 0000", "a multicast,           ff02::1,  17, 0000",
        "unreachable,                10.9.0.77,       1, 0300", "time exceeded,         10.9.0.77, 1, 0b00",
        "unreachable,                fd09::77,       58, 0100", "a redirect,            fd09::77, 58, 8900",
        "the packet of a loopback,   127.0.0.1,       6, 0000",
    })
    void noErrorIsSentAboutErrorsOrToManyOrFor(String what, String to, int protocol, String content) {
        accept(IpPackets.packet(to(to).protocol(protocol), ByteBufUtil.decodeHexDump(content + "0000000000000000")));
        assertEquals(List.of(), answers(), what);
        assertEquals(List.of(DropReason.NOT_OURS), drops);
    }

    @Test
    @Tag("RFC1122-3.2.2")
    void onlyTheFirstFragmentIsToldThatThereIsNoSuchHost() {
        IpHeader header = to("10.9.0.77").protocol(IpPackets.UDP).dontFragment(false);
        accept(IpPackets.packet(header.fragment(8, false), new byte[8]));
        assertEquals(List.of(), answers());
        accept(IpPackets.packet(header.fragment(0, true), new byte[8]));
        release(answers(), 1);
    }

    @Test
    @Tag("RFC4443-2.4")
    void anEchoToNobodyIsToldSo() {
        accept(IpPackets.packet(to("fd09::77").protocol(IcmpMessage.PROTOCOL_V6), new byte[] {(byte) 128, 0, 0, 0, 0, 0, 0, 0}));
        release(answers(), 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "unknown option, tell           | 3c | 06000080 00000000 | UNKNOWN_OPTION | 0402 | 43",
        "unknown option, no multicast   | 00 | 0600c204 00000000 | UNKNOWN_OPTION | 0402 | 42",
        "unknown option, in silence     | 00 | 06004204 00000000 | UNKNOWN_OPTION |      | 0",
        "a source route not at its end  | 2b | 06000001 00000000 | SOURCE_ROUTE   | 0400 | 42",
        "an echo behind one             | 2b | 3a000401 00000000 80000000 00000000 | SOURCE_ROUTE | 0400 | 42",
        "an error behind one            | 2b | 3a000401 00000000 01000000 00000000 | SOURCE_ROUTE | | 0",
        "hop by hop in second place     | 3c | 00000104 00000000 06000104 00000000 | NOT_TCP | 0401 | 40",
    })
    @Tag("RFC8200-4.2")
    @Tag("RFC8200-4.4")
    void headersThatAreNotTakenAreAnswered(String what, String next, String content, DropReason reason, String typeAndCode, int rest) {
        ByteBuf packet = IpPackets.packet(false, Integer.parseInt(next, 16), ByteBufUtil.decodeHexDump(content.replace(" ", "")));
        String quoted = ByteBufUtil.hexDump(packet);
        accept(packet);
        assertEquals(List.of(reason), drops, what);
        if (typeAndCode != null) {
            assertError(false, typeAndCode, rest, quoted);
        }
    }

    @Test
    void headersOfPacketsToOthersAreNotLookedAt() {
        accept(IpPackets.packet(to("fd11::1").protocol(0), ByteBufUtil.decodeHexDump("0600c20400000000")));
        assertEquals(List.of(DropReason.NOT_OURS), drops);
    }

    @ParameterizedTest
    @CsvSource({"true, 30, 0b01", "false, 60, 0301"})
    @Tag("RFC1122-3.3.2")
    @Tag("RFC8200-4.5")
    void whoseFragmentsDoNotComeIsToldThoughNothingElseArrives(boolean v4, int seconds, String typeAndCode) {
        ByteBuf first = IpPackets.fragment(v4, 7, 0, 400, true);
        String quoted = ByteBufUtil.hexDump(first);
        accept(IpPackets.fragment(v4, 7, 800, 1200, false));
        accept(first);
        pass(seconds * 1000 - 1);
        assertEquals(List.of(), answers());
        pass(1);
        assertError(v4, typeAndCode, 0, quoted);
        assertEquals(List.of(DropReason.FRAGMENT_TIMEOUT), drops);
        assertTrue(fragments.isEmpty());
    }

    @Test
    void whoseFirstFragmentIsMissingIsNotTold() {
        accept(IpPackets.fragment(true, 7, 800, 1200, false));
        pass(30_000);
        assertEquals(List.of(DropReason.FRAGMENT_TIMEOUT), drops);
    }

    @Test
    void fragmentsThatComeLaterAreWaitedForAsLong() {
        accept(IpPackets.fragment(true, 7, 0, 400, true));
        pass(10_000);
        accept(IpPackets.fragment(true, 8, 0, 400, true));
        pass(20_000);
        release(answers(), 1);
        pass(9_999);
        assertEquals(List.of(), answers());
        pass(1);
        release(answers(), 1);
        assertEquals(-1, wire.runScheduledPendingTasks(), "no timer without fragments");
    }

    @Test
    void fragmentsThatHaveLessTimeAreNotWaitedForAnyLonger() {
        accept(IpPackets.fragment(false, 7, 0, 400, true));
        pass(1000);
        accept(IpPackets.fragment(true, 7, 0, 400, true));
        pass(30_000);
        release(answers(), 1);
        pass(29_000);
        release(answers(), 1);
    }

    @ParameterizedTest
    @CsvSource({"0, 12, 4", "8, 20, 4", "65528, 65544, 42"})
    @Tag("RFC8200-4.5")
    void impossibleFragmentsOfIpv6AreAnswered(int start, int end, int field) {
        ByteBuf fragment = IpPackets.fragment(false, 7, start, end, true);
        String quoted = ByteBufUtil.hexDump(fragment);
        accept(fragment);
        assertError(false, "0400", field, quoted);
        assertEquals(List.of(DropReason.FRAGMENT), drops);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("RFC1812-4.3.2.8")
    @Tag("RFC4443-2.4")
    void errorsAreLimitedEachFamilyForItself(boolean v4) {
        flood(200, IpPackets.packet(!v4, IpPackets.UDP, new byte[8]));
        release(answers(), 50);
        flood(200, IpPackets.packet(v4, IpPackets.UDP, new byte[8]));
        release(answers(), 50);
        assertEquals(300, Collections.frequency(drops, DropReason.ICMP_LIMITED));
        pass(10);
        flood(200, IpPackets.packet(v4, IpPackets.UDP, new byte[8]));
        release(answers(), 10);
    }

    @Test
    void aFloodOfEchoesIsAnsweredAndKeepsNoErrorBack() {
        flood(1000, IpPackets.echo(true, 56));
        flood(1, IpPackets.packet(true, IpPackets.UDP, new byte[8]));
        release(answers(), 1001);
    }

    @Test
    void echoesAreLimitedToo() {
        MessageLimit limit = new MessageLimit(10_000, 10_000);
        int allowed = 0;
        for (int i = 0; i < 20_000; i++) {
            allowed += limit.allows(Long.MAX_VALUE - 5) ? 1 : 0;
        }
        assertEquals(10_000, allowed);
        assertTrue(limit.allows(Long.MIN_VALUE + 9_995), "time may wrap");
        assertFalse(limit.allows(Long.MIN_VALUE + 9_995));
    }

    /** A peer that asks and does not take the answers. */
    @Test
    void nothingIsAnsweredWhileTheDeviceIsFull() {
        wire.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 100));
        flood(3, IpPackets.echo(true, 200));
        flood(1, IpPackets.packet(false, IpPackets.UDP, new byte[8]));
        assertEquals(3, Collections.frequency(drops, DropReason.ICMP_LIMITED));
        release(answers(), 1);
    }

    @Override
    public void onSegment(TcpSegment segment) {
        segment.release();
    }

    @Override
    public void onDropped(DropReason reason) {
        drops.add(reason);
    }

    private static IpHeader to(String destination) {
        IpAddress to = IpAddress.parse(destination);
        return new IpHeader().addresses(to.isV4() ? PEER_V4 : PEER_V6, to);
    }

    private void accept(ByteBuf packet) {
        long now = wire.eventLoop().ticker().nanoTime();
        input.accept(packet, false, 0, now);
        timer.arm(now);
        coalescer.flush();
    }

    private void flood(int count, ByteBuf packet) {
        for (int i = 0; i < count; i++) {
            accept(packet.copy());
            if (i % 64 == 63) {
                wire.flushOutbound(); // the end of a read batch
            }
        }
        packet.release();
    }

    private void pass(long millis) {
        wire.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        wire.runScheduledPendingTasks();
    }

    /** What has been sent since the last call. */
    private List<ByteBuf> answers() {
        wire.flushOutbound();
        List<ByteBuf> answers = new ArrayList<>();
        for (ByteBuf answer = wire.readOutbound(); answer != null; answer = wire.readOutbound()) {
            answers.add(answer);
        }
        return answers;
    }

    private static void release(List<ByteBuf> answers, int expected) {
        answers.forEach(ByteBuf::release);
        assertEquals(expected, answers.size());
    }

    private ByteBuf onlyAnswer() {
        List<ByteBuf> answers = answers();
        assertEquals(1, answers.size());
        return answers.get(0);
    }

    private static IpHeader read(ByteBuf packet) {
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(packet, 0, packet.readableBytes(), header));
        assertEquals(packet.readableBytes(), header.headerLength() + header.payloadLength());
        return header;
    }

    private static IpHeader readIcmp(ByteBuf packet) {
        IpHeader header = read(packet);
        assertEquals(header.isV4() ? PEER_V4 : PEER_V6, header.destination());
        assertNull(IcmpMessage.read(packet, header.headerLength(), header.payloadLength(), header, new IcmpMessage()), "checksum");
        return header;
    }

    private static void assertReply(boolean v4, int length, ByteBuf packet) {
        IpHeader header = readIcmp(packet);
        int start = header.headerLength();
        assertEquals(v4 ? US_V4 : US_V6, header.source());
        assertEquals(v4 ? ECHO_REPLY_V4 : ECHO_REPLY_V6, packet.getUnsignedByte(start));
        assertEquals(7 << 16, packet.getInt(start + 4));
        assertEquals(Unpooled.wrappedBuffer(IpPackets.payload(0, length)), packet.slice(start + 8, header.payloadLength() - 8));
    }

    /** The only answer is that error, with as much of the packet as was there. */
    private void assertError(boolean v4, String typeAndCode, int rest, String quoted) {
        ByteBuf error = onlyAnswer();
        int start = readIcmp(error).headerLength();
        assertEquals(v4 ? 20 : 40, start);
        assertEquals(v4 ? US_V4 : US_V6, read(error).source(), "an address of ours, whoever was meant");
        assertEquals(typeAndCode, ByteBufUtil.hexDump(error, start, 2));
        assertEquals(rest, error.getInt(start + 4));
        assertEquals(quoted, ByteBufUtil.hexDump(error, start + 8, error.readableBytes() - start - 8));
        error.release();
    }
}
