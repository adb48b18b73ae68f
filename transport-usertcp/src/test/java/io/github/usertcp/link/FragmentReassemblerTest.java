package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.stack.LinkReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of fragments; a fragment is written {@code offset:end}, with a plus if more follow. */
class FragmentReassemblerTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<DropReason> drops = new ArrayList<>();
    private final EmbeddedChannel wire = new EmbeddedChannel();
    private final IcmpHost icmp = new IcmpHost(IpPackets.OURS, new IpOutput(wire, false, 1500), UnpooledByteBufAllocator.DEFAULT, mock(LinkReceiver.class));
    private final FragmentReassembler reassembler = new FragmentReassembler(UnpooledByteBufAllocator.DEFAULT, icmp, drops::add);
    private long now;

    @AfterEach
    void release() {
        reassembler.release();
        wire.finishAndReleaseAll();
    }

    @ParameterizedTest
    @CsvSource({
        "true, 0:16+ 16:32+ 32:40", "true, 32:40 16:32+ 0:16+", "true, 16:32+ 0:16+ 16:32+ 32:40", "true, 32:40 32:40 0:32+",
        "false, 0:16+ 16:32+ 32:40", "false, 32:40 0:16+ 16:32+",
    })
    void thePacketIsWholeWithItsLastFragment(boolean v4, String fragments) {
        String[] all = fragments.split(" ");
        for (int i = 0; i < all.length - 1; i++) {
            assertNull(add(v4, 7, all[i]), all[i]);
        }
        ByteBuf whole = add(v4, 7, all[all.length - 1]);
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(whole, 0, whole.readableBytes(), header));
        assertFalse(header.isFragment());
        assertEquals(17, header.protocol());
        assertEquals(40, header.payloadLength());
        assertEquals(ByteBufUtil.hexDump(IpPackets.payload(0, 40)), ByteBufUtil.hexDump(whole, header.headerLength(), 40));
        assertEquals(List.of(), drops);
        whole.release();
    }

    @ParameterizedTest
    @Tag("RFC5722-4")
    @ValueSource(strings = {
        "0:16+ 8:24+", "8:24+ 0:16+", "0:24+ 8:16+", "8:16+ 0:24+", "0:16+ 0:24+", "16:24 0:8+ 24:32+", "0:8+ 32:40+ 16:24", "16:24 24:32",
    })
    void anOverlapGivesThePacketUp(String fragments) {
        for (String fragment : fragments.split(" ")) {
            assertNull(add(true, 7, fragment));
        }
        assertEquals(List.of(DropReason.FRAGMENT_OVERLAP), drops);
        assertNull(add(true, 7, "0:8+"), "what comes later begins anew");
        ByteBuf whole = add(true, 7, "8:16");
        assertEquals(36, whole.readableBytes());
        whole.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0:12+", "8:8", "65512:65536", "65528:65544"})
    void impossibleFragmentsAreDropped(String fragment) {
        assertNull(add(true, 7, fragment));
        assertEquals(List.of(DropReason.FRAGMENT), drops);
    }

    @Test
    void fragmentsOfDifferentPacketsDoNotMix() {
        assertNull(add(true, 7, "0:16+"));
        assertNull(add(true, 8, "16:24"));
        assertNull(add(false, 7, "16:24"));
        ByteBuf whole = add(true, 7, "16:24");
        assertEquals(44, whole.readableBytes());
        whole.release();
    }

    /** Linux's ipfrag_time and ip6frag_time. */
    @ParameterizedTest
    @CsvSource({"true, 30", "false, 60"})
    @Tag("RFC1122-3.3.2")
    @Tag("RFC8200-4.5")
    void aPacketThatStaysIncompleteIsGivenUp(boolean v4, int seconds) {
        assertNull(add(!v4, 8, "0:16+"));
        now += 31 * SECOND;
        assertNull(add(v4, 7, "0:16+"));
        assertTrue(reassembler.nanosToDeadline(now) <= seconds * SECOND);
        now += seconds * SECOND - 1;
        reassembler.expire(now);
        drops.clear();
        assertEquals(1, reassembler.nanosToDeadline(now));
        reassembler.expire(++now);
        assertEquals(List.of(DropReason.FRAGMENT_TIMEOUT), drops);
        assertTrue(reassembler.isEmpty());
        assertNull(add(v4, 7, "16:24"), "its first part is gone");
    }

    /** The number of the protocol, the traffic class and so on are those of the first fragment. */
    @Test
    @Tag("RFC8200-4.5")
    void fragmentsOfOneIpv6PacketMayDifferInWhatFollows() {
        assertNull(add(IpPackets.fragment(false, 17, 7, 0, true, IpPackets.payload(0, 16)), 1));
        ByteBuf whole = add(IpPackets.fragment(false, 6, 7, 16, false, IpPackets.payload(16, 24)), 2);
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(whole, 0, whole.readableBytes(), header));
        assertEquals(17, header.protocol());
        assertEquals(1, header.hopLimit());
        whole.release();
    }

    @Test
    void fragmentsOfDifferentIpv4ProtocolsAreOfDifferentPackets() {
        assertNull(add(IpPackets.fragment(true, 17, 7, 0, true, IpPackets.payload(0, 16)), 64));
        assertNull(add(IpPackets.fragment(true, 6, 7, 16, false, IpPackets.payload(16, 24)), 64));
    }

    @Test
    void theOldestMakesRoomForTheSeventeenth() {
        for (int id = 0; id <= FragmentReassembler.MAX_PACKETS; id++) {
            assertNull(add(true, id, "0:16+"));
        }
        assertEquals(List.of(DropReason.FRAGMENT_NO_ROOM), drops);
        ByteBuf whole = add(true, 1, "16:24");
        assertEquals(44, whole.readableBytes());
        whole.release();
    }

    @Test
    void aPacketInTooManyPiecesIsGivenUp() {
        for (int piece = 0; piece <= PartialPacket.MAX_PIECES; piece++) {
            assertNull(add(true, 7, 16 * piece + ":" + (16 * piece + 8) + "+"));
        }
        assertEquals(List.of(DropReason.FRAGMENT_NO_ROOM), drops);
    }

    private ByteBuf add(boolean v4, int identification, String text) {
        boolean more = text.endsWith("+");
        String[] range = text.substring(0, text.length() - (more ? 1 : 0)).split(":");
        return add(IpPackets.fragment(v4, identification, Integer.parseInt(range[0]), Integer.parseInt(range[1]), more), 64);
    }

    private ByteBuf add(ByteBuf fragment, int hopLimit) {
        if (fragment.getByte(0) >>> 4 == 6) {
            fragment.setByte(7, hopLimit);
        }
        IpHeader header = new IpHeader();
        assertNull(IpHeader.read(fragment, 0, fragment.readableBytes(), header));
        try {
            return reassembler.add(fragment, header, now);
        } finally {
            fragment.release();
        }
    }
}
