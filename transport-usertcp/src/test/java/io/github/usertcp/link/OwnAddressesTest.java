package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses are ours, and which can be nobody's but ours, or nobody's at all. */
@Tag("RFC1122-3.2.1.3")
class OwnAddressesTest {
    @ParameterizedTest
    @CsvSource({
        "10.9.0.2/24,  10.9.0.2, true, false",  "10.9.0.2/24,  10.9.0.3, false, true",  "10.9.0.2/24,   10.9.0.255, false, false",
        "10.9.0.2/24,  10.9.1.1, false, true",  "10.9.0.2/16,  10.9.0.255, false, true", "10.9.0.2/16,  10.9.255.255, false, false",
        "10.9.0.2/30,  10.9.0.3, false, false", "10.9.0.2/31,  10.9.0.3, false, true",  "10.9.0.255/24, 10.9.0.255, true, false",
        "10.9.0.2,     10.9.0.1, false, true",  "10.9.0.2/0,   10.9.0.1, false, true",  "fd09::2/64,    fd09::2, true, false",
        "fd09::2/64,   fd09::1, false, true",   "fd09::2/126,  fd09::3, false, true",   "fd09::2/64,    ff02::1, false, false",
    })
    void aNetworkHasHostsAndABroadcastAddress(String own, String address, boolean ours, boolean source) {
        check(own, false, address, ours, source);
    }

    /** As of a transparent proxy: any host's packets, but no host's that they could not be. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, true, true", "10.9.0.2, true, false", "10.9.0.255, false, false", "224.0.0.1, false, false", "255.255.255.255, false, false",
        "127.0.0.1, false, false", "0.0.0.0, false, false", "2001:db8::1, true, true", "ff02::1, false, false", "::1, false, false", "::, false, false",
    })
    void whoTakesPacketsToAnybodyDoesNotTakeThemFromAnybody(String address, boolean ours, boolean source) {
        check("10.9.0.2/24", true, address, ours, source);
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.77, true", "10.9.0.2, true", "10.9.0.255, false", "10.9.1.1, false", "10.10.3.4, true", "10.10.0.255, true", "224.0.0.1, false",
        "fd09::77, true", "fd10::1, true", "fd11::1, false", "ff02::1, false", "::1, false",
    })
    void itsNetworksEndHere(String address, boolean ends) {
        assertEquals(ends, IpPackets.OURS.areRouterFor(IpAddress.parse(address)));
    }

    @ParameterizedTest
    @Tag("RFC4443-2.2")
    @CsvSource({"10.9.0.9, 10.9.0.9", "10.9.0.77, 10.9.0.2", "10.10.0.1, 10.9.0.2", "fd09::9, fd09::9", "fd09::77, fd09::2", "fd10::1, fd09::2"})
    void answersComeFromAnAddressOfOurs(String destination, String from) {
        assertEquals(IpAddress.parse(from), IpPackets.OURS.answering(IpAddress.parse(destination)));
    }

    private static void check(String own, boolean any, String text, boolean ours, boolean source) {
        IpPrefix network = IpPrefix.parse(own);
        IpPrefix host = new IpPrefix(network.address(), network.address().isV4() ? 32 : 128);
        OwnAddresses addresses = new OwnAddresses(List.of(network), List.of(), List.of(host), any);
        IpAddress address = IpAddress.parse(text);
        assertEquals(ours, addresses.contain(address));
        assertEquals(source, addresses.allowSource(address));
    }
}
