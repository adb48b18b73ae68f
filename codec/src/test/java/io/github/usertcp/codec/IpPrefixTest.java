package io.github.usertcp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses a prefix contains, and what is none. */
class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "10.9.0.2/24, 10.9.0.255, true, 10.9.0.0", "10.9.0.2/24, 10.9.1.0, false, 10.9.0.0", "10.9.0.2, 10.9.0.2, true, 10.9.0.2",
        "10.9.0.2, 10.9.0.3, false, 10.9.0.2", "10.9.0.2/31, 10.9.0.3, true, 10.9.0.2", "0.0.0.0/0, 192.0.2.1, true, 0.0.0.0",
        "0.0.0.0/0, 2001:db8::1, false, 0.0.0.0", "::/0, 192.0.2.1, false, ::", "::/0, 2001:db8::1, true, ::",
        "2001:db8::2/64, 2001:db8::ffff:0:0:1, true, 2001:db8::", "2001:db8::2/64, 2001:db8:0:1::1, false, 2001:db8::",
        "2001:db8::2/127, 2001:db8::3, true, 2001:db8::2", "2001:db8::2, 2001:db8::3, false, 2001:db8::2",
        "2001:db8:f000::/36, 2001:db8:ffff::1, true, 2001:db8:f000::",
    })
    void containsTheAddressesOfItsNetwork(String prefix, String address, boolean contained, String network) {
        IpPrefix parsed = IpPrefix.parse(prefix);
        assertEquals(contained, parsed.contains(IpAddress.parse(address)));
        assertEquals(IpAddress.parse(network), parsed.network());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/24", "10.9.0.2/", "10.9.0.2/33", "10.9.0.2/-1", "10.9.0.2/x", "2001:db8::/129", "example.org/8"})
    void nonsenseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text));
    }
}
