package io.github.usertcp.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails, the message says what to do. */
class TunErrorsTest {
    @ParameterizedTest
    @CsvSource({"2, modprobe tun", "6, modprobe tun", "19, --device /dev/net/tun", "13, run as root", "1, run as root", "24, errno 24"})
    void openingTheDeviceFile(int errno, String advice) {
        assertContains(TunErrors.opening(new ErrnoException("open", errno, null)), "/dev/net/tun", advice);
    }

    @ParameterizedTest
    @CsvSource({"1, CAP_NET_ADMIN", "1, ip tuntap add dev utcp0 mode tun", "16, in use by another process", "22, choose another name", "12, errno 12"})
    void attachingToTheDevice(int errno, String advice) {
        assertContains(TunErrors.attaching("utcp0", new ErrnoException("ioctl", errno, null)), "TUN device utcp0", advice);
    }

    @ParameterizedTest
    @CsvSource({"1, CAP_NET_ADMIN", "19, another network namespace", "22, errno 22"})
    void configuringTheDevice(int errno, String advice) {
        assertContains(TunErrors.configuring("utcp0", "mtu 9000", new ErrnoException("netlink", errno, null)), "utcp0: mtu 9000", advice);
    }

    @Test
    void aDeletedDeviceIsTheEndAndARefusedPacketIsNot() {
        assumeTrue(Epoll.isAvailable(), "native errors need the native transport");
        assertContains(TunErrors.endOf("utcp0", Errors.newIOException("read", -77)), "utcp0 was deleted while in use", "open a link anew");
        assertNull(TunErrors.endOf("utcp0", Errors.newIOException("write", -22)));
        assertNull(TunErrors.endOf("utcp0", new IOException("else")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-bytes-xx"})
    void impossibleNamesAreTheCallersFault(String name) {
        assertThrows(IllegalArgumentException.class, () -> TunDevice.open(name, false, true));
    }

    private static void assertContains(IOException error, String... parts) {
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part), error::getMessage);
        }
        assertEquals(error.getMessage().strip(), error.getMessage());
    }
}
