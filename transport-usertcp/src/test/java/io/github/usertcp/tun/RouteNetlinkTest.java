package io.github.usertcp.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the kernel's answers; that it understands the requests is tested with a real one. */
class RouteNetlinkTest {
    private static final int EEXIST = 17;

    private final FakeKernel kernel = new FakeKernel();

    @Test
    void everyRequestHasItsOwnNumberAndAnswer() throws IOException {
        kernel.netlink = request -> answer(request, 2, number(request), 0);
        try (RouteNetlink netlink = new RouteNetlink(kernel, "utcp0")) {
            netlink.up();
            netlink.mtu(1400);
        }
        assertEquals(List.of(), kernel.openFiles);
    }

    @Test
    void aRefusalIsAnExceptionThatSaysWhatWasRefused() throws IOException {
        kernel.netlink = request -> answer(request, 2, number(request), -EEXIST);
        assertFails("utcp0: mtu 1400: refused by the kernel (errno 17)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 16, 19})
    void aShortAnswerIsNoSuccess(int length) throws IOException {
        kernel.netlink = request -> Arrays.copyOf(answer(request, 2, number(request), 0), length);
        assertFails("something else than was asked");
    }

    @Test
    void neitherIsOneOfAnotherKind() throws IOException {
        kernel.netlink = request -> answer(request, 16, number(request), 0);
        assertFails("something else than was asked");
    }

    @Test
    void norOneToAnotherRequest() throws IOException {
        kernel.netlink = request -> answer(request, 2, number(request) - 1, 0);
        assertFails("something else than was asked");
    }

    @Test
    void closingTwiceClosesNothingOfOthers() throws IOException {
        RouteNetlink netlink = new RouteNetlink(kernel, "utcp0");
        int number = kernel.openFiles.get(0);
        netlink.close();
        kernel.openFiles.add(number); // somebody has opened another file, and got the number
        netlink.close();
        assertEquals(List.of(number), kernel.openFiles);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-bytes-xx", "a name that would not even fit the structure it goes to"})
    void aNameThatNoDeviceHasIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new RouteNetlink(kernel, name));
        assertEquals(List.of(), kernel.openFiles);
    }

    private void assertFails(String message) throws IOException {
        try (RouteNetlink netlink = new RouteNetlink(kernel, "utcp0")) {
            IOException failure = assertThrows(IOException.class, () -> netlink.mtu(1400));
            assertTrue(failure.getMessage().contains(message), failure::getMessage);
        }
    }

    private static int number(byte[] request) {
        return ByteBuffer.wrap(request).order(ByteOrder.nativeOrder()).getInt(8);
    }

    /** nlmsghdr, error, and the header of the request (netlink(7)). */
    private static byte[] answer(byte[] request, int type, int number, int error) {
        return ByteBuffer.allocate(36).order(ByteOrder.nativeOrder()).putInt(36).putShort((short) type).putShort((short) 0).putInt(number)
            .putInt(0).putInt(error).put(request, 0, 16).array();
    }
}
