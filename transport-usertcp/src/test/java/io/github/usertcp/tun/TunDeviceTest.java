package io.github.usertcp.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device asks of the kernel, and what it makes of a refusal. */
class TunDeviceTest {
    private static final String VNET_HEADER_SIZE = "400454d8";

    private final FakeKernel kernel = new FakeKernel();

    @ParameterizedTest
    @CsvSource({"false, attach 5001", "true, attach 5101"})
    void offloadIsAskedForWhole(boolean multiQueue, String attach) throws IOException {
        assertTrue(TunDevice.open(kernel, "utcp0", multiQueue, true).hasOffload());
        assertEquals(List.of(attach, VNET_HEADER_SIZE, "offload f"), kernel.calls);
    }

    /** Whoever had the device before may have left it on. */
    @Test
    void withoutOffloadTheDeviceIsToldSo() throws IOException {
        assertFalse(TunDevice.open(kernel, "utcp0", false, false).hasOffload());
        assertEquals(List.of("attach 1001", "offload 0"), kernel.calls);
    }

    @ParameterizedTest
    @ValueSource(longs = {FakeKernel.TUNSETOFFLOAD, 0x400454d8L})
    void aKernelWithoutSegmentationGivesThePlainPath(long refused) throws IOException {
        kernel.refuse(refused, ErrnoException.EINVAL);
        assertFalse(TunDevice.open(kernel, "utcp0", false, true).hasOffload());
        assertEquals(List.of("attach 1001", "offload 0"), kernel.calls.subList(kernel.calls.size() - 2, kernel.calls.size()));
        assertEquals(List.of(1002), kernel.openFiles, "the first attempt is given up");
    }

    @Test
    void aKernelWithoutItsHeaderGivesThePlainPath() throws IOException {
        kernel.refuseVnetHeader();
        assertFalse(TunDevice.open(kernel, "utcp0", false, true).hasOffload());
        assertEquals(List.of("attach 5001", "attach 1001", "offload 0"), kernel.calls);
        assertEquals(List.of(1002), kernel.openFiles);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, let an administrator prepare", "16, 1, in use by another process", "22, 2, is no TUN device"})
    void anyOtherRefusalIsTheEnd(int errno, int attempts, String advice) {
        kernel.refuse(FakeKernel.TUNSETIFF, errno);
        IOException refused = assertThrows(IOException.class, () -> TunDevice.open(kernel, "utcp0", false, true));
        assertTrue(refused.getMessage().contains(advice), refused::getMessage);
        assertEquals(attempts, kernel.calls.size());
        assertEquals(List.of(), kernel.openFiles);
    }
}
