package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.usertcp.codec.IpAddress;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LocalAddressesTest {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

    private final MockTicker ticker = Ticker.newMockTicker();

    @Test
    void aLinkBoundToAnAddressUsesThat() {
        IpAddress bound = IpAddress.parse("192.0.2.7");
        assertSame(bound, new LocalAddresses(bound, ticker).towards(LOOPBACK));
    }

    @Test
    void theWildcardAsksTheKernel() {
        LocalAddresses addresses = new LocalAddresses(IpAddress.ANY_V4, ticker);
        assertEquals(LOOPBACK, addresses.towards(LOOPBACK));
        assertSame(addresses.towards(LOOPBACK), addresses.towards(IpAddress.parse("127.0.0.2")), "one object for each address");
    }

    @Test
    void questionsAreLimited() {
        LocalAddresses addresses = new LocalAddresses(IpAddress.ANY_V4, ticker);
        for (int i = 1; i <= 2001; i++) {
            assertEquals(LOOPBACK, addresses.towards(IpAddress.v4(0x7F00_0000 + i)), "peer " + i);
        }
        ticker.advance(1, TimeUnit.SECONDS);
        assertEquals(LOOPBACK, addresses.towards(IpAddress.v4(0x7F00_F000)));
    }

    @Test
    void anAddressOfOneFamilyIsNoWayToTheOther() {
        assertEquals(IpAddress.ANY_V6, new LocalAddresses(LOOPBACK, ticker).towards(IpAddress.LOOPBACK_V6));
        assertEquals(IpAddress.ANY_V4, new LocalAddresses(IpAddress.LOOPBACK_V6, ticker).towards(LOOPBACK));
    }

    @Test
    void aRouteThatComesLaterIsFound() {
        IpAddress remote = IpAddress.parse("2001:db8::7");
        Deque<IpAddress> answers = new ArrayDeque<>(List.of(IpAddress.ANY_V6, IpAddress.parse("2001:db8::1")));
        LocalAddresses addresses = new LocalAddresses(IpAddress.ANY_V6, ticker, asked -> answers.remove());
        assertEquals(IpAddress.ANY_V6, addresses.towards(remote));
        assertEquals(IpAddress.parse("2001:db8::1"), addresses.towards(remote));
        assertEquals(IpAddress.parse("2001:db8::1"), addresses.towards(remote), "remembered");
    }
}
