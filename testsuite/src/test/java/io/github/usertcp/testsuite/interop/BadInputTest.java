package io.github.usertcp.testsuite.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.InternetChecksum;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.codec.Ipv4Header;
import io.github.usertcp.codec.Ipv6Header;
import io.github.usertcp.stack.StackCounter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that no kernel sends, put into a real device by a packet socket: counted, answered with nothing, and no harm to an open connection. */
@Timeout(60)
class BadInputTest {
    private static final IpAddress PEER_V4 = IpAddress.parse(KernelHost.V4);
    private static final IpAddress PEER_V6 = IpAddress.parse(KernelHost.V6);
    private static final int TCP = 6;
    private static final int ICMP = 1;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int SEGMENT_LENGTH = 20;
    /** Ports 7 and 7, sequence number 1, acknowledgment 1, ACK, window 1000, no checksum. */
    private static final String SEGMENT = "0007000700000001000000015010" + "03e8" + "0000" + "0000";

    private final List<String> packets = new ArrayList<>();
    private final Map<DropReason, Long> expected = new EnumMap<>(DropReason.class);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isDroppedAndCounted(boolean offload) throws Exception {
        headersThatLie();
        segmentsThatLie();
        addressesNobodyHas();
        fragmentsAndIcmp();
        try (KernelHost kernel = KernelHost.create("python3", "nc"); TunHost host = TunHost.open(kernel, offload)) {
            EchoService echo = new EchoService();
            host.serve(7, () -> echo);
            kernel.start("(printf before; until [ -e sent ]; do sleep 0.05; done; printf ' and after') | nc -N -w 20 " + TunHost.V4 + " 7 > echoed");
            assertTrue(echo.events.poll(10, TimeUnit.SECONDS).startsWith("active"));
            if (!offload) {
                kernel.run("ip link set " + host.device() + " mtu 9000");
                expect(DropReason.TOO_LONG, tcp(PEER_V4, TunHost.V4, SEGMENT + "00".repeat(5_000)));
            }
            send(kernel, host.device());
            assertEquals("closed", echo.events.poll(10, TimeUnit.SECONDS));
            assertCounted(host);
            assertEquals(0, host.stack.stats().get(StackCounter.INTERNAL_ERRORS));
            assertEquals(0, host.stack.stats().get(StackCounter.RESETS_SENT));
            kernel.run("for i in $(seq 100); do [ \"$(cat echoed)\" = 'before and after' ] && exit 0; sleep 0.05; done; cat echoed; exit 1");
        }
    }

    private void assertCounted(TunHost host) {
        long notOurs = expected.remove(DropReason.NOT_OURS);
        assertTrue(host.stack.stats().dropped(DropReason.NOT_OURS) >= notOurs, "beside what the kernel says to all its neighbours");
        expected.forEach((reason, count) -> assertEquals(count, host.stack.stats().dropped(reason), reason::toString));
    }

    private void headersThatLie() {
        String sound = tcp(PEER_V4, TunHost.V4, SEGMENT);
        expect(DropReason.BAD_IP_HEADER, "45", sound.substring(0, 38), "44" + sound.substring(2), "55" + sound.substring(2),
            change(sound, 2, 0x0029, true), change(sound, 2, 0x0013, true));
        expect(DropReason.BAD_IP_CHECKSUM, change(sound, 4, 7, false));
        String soundV6 = tcp(PEER_V6, TunHost.V6, SEGMENT);
        expect(DropReason.BAD_IP_HEADER, "60", soundV6.substring(0, 78), change(soundV6, 4, SEGMENT_LENGTH + 1, false),
            packet(PEER_V6, TunHost.V6, DESTINATION_OPTIONS, "3c00010400000000".repeat(8) + "0600010400000000" + SEGMENT),
            packet(PEER_V6, TunHost.V6, DESTINATION_OPTIONS, "06ff010400000000" + SEGMENT),
            change(packet(PEER_V6, TunHost.V6, 0, "0600c20400020000" + SEGMENT), 4, 0, false));
    }

    private void segmentsThatLie() {
        for (IpAddress peer : new IpAddress[] {PEER_V4, PEER_V6}) {
            String us = TunHost.address(peer.isV4());
            expect(DropReason.BAD_CHECKSUM, packet(peer, us, TCP, SEGMENT));
            expect(DropReason.DATA_OFFSET_TOO_SMALL, tcp(peer, us, SEGMENT.replace("5010", "4010")));
            expect(DropReason.DATA_OFFSET_BEYOND_SEGMENT, tcp(peer, us, SEGMENT.replace("5010", "6010")));
            expect(DropReason.BAD_OPTION_LENGTH, tcp(peer, us, SEGMENT.replace("5010", "6010") + "02000000"));
            expect(DropReason.IMPOSSIBLE_FLAGS, tcp(peer, us, SEGMENT.replace("5010", "5003")), tcp(peer, us, SEGMENT.replace("5010", "5000")));
            expect(DropReason.PORT_ZERO, tcp(peer, us, SEGMENT.replaceFirst("0007", "0000")));
        }
    }

    private void addressesNobodyHas() {
        for (String source : new String[] {TunHost.V4, "10.9.0.255", "127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
            TunHost.V6, "::1", "::", "ff02::1"}) {
            IpAddress from = IpAddress.parse(source);
            expect(DropReason.BAD_ADDRESS, tcp(from, TunHost.address(from.isV4()), SEGMENT));
        }
        for (String destination : new String[] {"10.9.0.3", "10.9.0.255", "224.0.0.1", "255.255.255.255", "127.0.0.1", "0.0.0.0"}) {
            expect(DropReason.NOT_OURS, tcp(PEER_V4, destination, SEGMENT));
        }
        expect(DropReason.NOT_OURS, tcp(PEER_V6, "::1", SEGMENT), tcp(PEER_V6, "ff0e::1", SEGMENT));
    }

    private void fragmentsAndIcmp() {
        String first = packet(PEER_V4, TunHost.V4, TCP, "00".repeat(24));
        String overlapping = change(change(first, 4, 0x0901, true), 6, 0x0002, true);
        packets.add(change(change(first, 4, 0x0901, true), 6, 0x2000, true));
        expect(DropReason.FRAGMENT_OVERLAP, overlapping);
        expect(DropReason.FRAGMENT, change(first, 6, 0x1FFF, true), change(packet(PEER_V4, TunHost.V4, TCP, "00".repeat(9)), 6, 0x2000, true));
        expect(DropReason.BAD_ICMP, packet(PEER_V4, TunHost.V4, ICMP, "03"), icmp("0304000000000000"), icmp("0304000000000044" + "45".repeat(28)),
            icmp("0500000000000000" + "00".repeat(28)));
        expect(DropReason.BAD_CHECKSUM, packet(PEER_V4, TunHost.V4, ICMP, "0304000100000044" + "45".repeat(28)));
    }

    private void expect(DropReason reason, String... bad) {
        packets.addAll(List.of(bad));
        expected.merge(reason, (long) bad.length, Long::sum);
    }

    /** The kernel looks at nothing of them but their first four bits, for the version. */
    private void send(KernelHost kernel, String device) throws IOException {
        Files.write(kernel.file("packets"), packets);
        kernel.python("""
            import socket
            sockets = {}
            for version, protocol in ('4', 0x0800), ('6', 0x86dd):
                sockets[version] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
                sockets[version].bind(('%s', protocol))
            for line in open('packets'):
                sockets['6' if line[0] == '6' else '4'].send(bytes.fromhex(line.strip()))
            open('sent', 'w').close()
            """.formatted(device));
    }

    /** A packet with a segment, whose checksum is filled in. */
    private static String tcp(IpAddress from, String to, String segment) {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(segment));
        int length = bytes.readableBytes();
        int sum = InternetChecksum.add(InternetChecksum.sum(bytes, 0, length),
            InternetChecksum.pseudoHeader(from, IpAddress.parse(to), TCP, length));
        return packet(from, to, TCP, ByteBufUtil.hexDump(bytes.setShort(16, InternetChecksum.complement(sum))));
    }

    private static String icmp(String message) {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(message));
        bytes.setShort(2, InternetChecksum.of(bytes, 0, bytes.readableBytes()));
        return packet(PEER_V4, TunHost.V4, ICMP, ByteBufUtil.hexDump(bytes));
    }

    private static String packet(IpAddress from, String to, int protocol, String content) {
        IpHeader header = new IpHeader().addresses(from, IpAddress.parse(to)).protocol(protocol);
        ByteBuf packet = Unpooled.wrappedBuffer(new byte[from.isV4() ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH]);
        if (from.isV4()) {
            Ipv4Header.write(header, content.length() / 2, packet, 0);
        } else {
            Ipv6Header.write(header, content.length() / 2, packet, 0);
        }
        return ByteBufUtil.hexDump(packet) + content;
    }

    /** With another number in two bytes, and an IPv4 header's checksum made right again if wanted. */
    private static String change(String packet, int index, int value, boolean repaired) {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(packet)).setShort(index, value);
        if (repaired) {
            bytes.setShort(10, 0).setShort(10, InternetChecksum.of(bytes, 0, Ipv4Header.MIN_LENGTH));
        }
        return ByteBufUtil.hexDump(bytes);
    }
}
