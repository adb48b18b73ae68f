package io.github.usertcp.testsuite.simulator.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.EcnCodepoint;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.IcmpMessage;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpHeader;
import io.github.usertcp.testsuite.simulator.network.RouterManners.TooBig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a sender hears of packets that the link behind a router does not carry. */
class RouterTest {
    private static final IpAddress SENDER = IpAddress.parse("192.0.2.1");
    private static final IpAddress PEER = IpAddress.parse("192.0.2.2");
    private static final LinkConditions SMALL = LinkConditions.of(0, 0).mtu(1000);

    private final VirtualTime time = new VirtualTime();
    private final SimulatedLink link = new SimulatedLink(time, SMALL, new TailDropQueue(0), new SplittableRandom(1));
    private final List<IcmpError> heard = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"MTU, 1000", "ZERO, 0", "SMALLEST, 68"})
    void packetThatIsTooBigIsAnsweredWithAnMtu(TooBig manner, long mtu) {
        put(new RouterManners(manner, null));
        send(981);
        send(980);
        assertEquals(List.of(new IcmpError(IcmpErrorKind.PACKET_TOO_BIG, SENDER, 4000, PEER, 80, 77, mtu)), heard);
    }

    @Test
    void blackHoleSaysNothing() {
        put(RouterManners.SILENT);
        send(1400);
        link.conditions(SMALL.blackOut(true));
        send(100);
        assertEquals(List.of(), heard);
    }

    @Test
    void blackOutMayBeTold() {
        put(new RouterManners(TooBig.MTU, IcmpErrorKind.HOST_UNREACHABLE));
        send(100);
        link.conditions(SMALL.blackOut(true));
        send(100);
        assertEquals(List.of(new IcmpError(IcmpErrorKind.HOST_UNREACHABLE, SENDER, 4000, PEER, 80, 77, 0)), heard);
    }

    @Test
    void trafficOfOthersIsNobodysBusiness() {
        put(new RouterManners(TooBig.MTU, IcmpErrorKind.HOST_UNREACHABLE));
        link.conditions(SMALL.blackOut(true));
        Route nowhere = new Route(Packet::release, List.of(link));
        nowhere.send(Packet.filler(nowhere, Unpooled.EMPTY_BUFFER, 500));
        assertEquals(List.of(), heard);
    }

    private void put(RouterManners manners) {
        Route toSender = new Route(this::hear, List.of());
        Router.before(link, manners, new IcmpSource(toSender, SENDER, PEER, (kind, mtu, segment) -> { }));
    }

    private void hear(Packet packet) {
        ByteBuf bytes = packet.bytes();
        IcmpMessage message = new IcmpMessage();
        IpHeader header = new IpHeader().addresses(PEER, SENDER).protocol(IcmpMessage.PROTOCOL_V4);
        assertEquals(null, IcmpMessage.read(bytes, 0, bytes.readableBytes(), header, message));
        heard.add(message.tcpError(bytes, 0));
        packet.release();
    }

    /** A packet with so many bytes of segment, which are not looked at beyond ports and number. */
    private void send(int bytes) {
        Route route = new Route(Packet::release, List.of(link));
        ByteBuf segment = Unpooled.buffer(bytes).writeShort(4000).writeShort(80).writeInt(77).writeZero(bytes - 8);
        route.send(Packet.of(route, segment, EcnCodepoint.NOT_ECT));
        time.runUntil(time.nowNanos() + 1);
    }
}
