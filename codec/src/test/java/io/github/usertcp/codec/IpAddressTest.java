package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "255.255.255.255", "2001:db8:0:0:0:0:0:1", "0:0:0:0:0:0:0:0", "ff02:0:0:0:0:0:0:1"})
    void textAndInetAddressBothWays(String text) throws Exception {
        assertEquals(text, IpAddress.parse(text).toString());
        assertEquals(InetAddress.getByName(text), IpAddress.parse(text).toInetAddress());
        assertEquals(IpAddress.parse(text), IpAddress.of(InetAddress.getByName(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "1.2.3.4.5", "300.1.1.1", "2001:db8::g", "::1::"})
    void refusesWhatIsNoLiteral(String text) {
        assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, true, false, false", "::, true, false, false", "127.1.2.3, false, true, false", "::1, false, true, false",
        "224.0.0.1, false, false, true", "239.255.255.255, false, false, true", "255.255.255.255, false, false, true",
        "ff05::2, false, false, true", "223.255.255.255, false, false, false", "240.0.0.1, false, false, false", "fe80::1, false, false, false"})
    void kindsOfAddresses(String text, boolean any, boolean loopback, boolean multicastOrBroadcast) {
        IpAddress address = IpAddress.parse(text);
        assertEquals(any, address.isAny());
        assertEquals(loopback, address.isLoopback());
        assertEquals(multicastOrBroadcast, address.isMulticastOrBroadcast());
    }

    @Test
    void readsNetworkOrder() {
        ByteBuf bytes = Unpooled.buffer().writeByte(9).writeInt(0xC0000201).writeLong(0x20010DB800000000L).writeLong(1);
        assertEquals(IpAddress.parse("192.0.2.1"), IpAddress.readV4(bytes, 1));
        assertEquals(IpAddress.parse("2001:db8::1"), IpAddress.readV6(bytes, 5));
        assertEquals(0xC0000201, IpAddress.readV4(bytes, 1).v4Bits());
    }

    @Test
    void anIpv4MappedAddressIsTheIpv4Address() {
        assertTrue(IpAddress.parse("::ffff:192.0.2.1").isV4());
        assertEquals(IpAddress.parse("192.0.2.1"), IpAddress.parse("::ffff:192.0.2.1"));
        assertFalse(IpAddress.parse("::192.0.2.1").isV4());
    }
}
