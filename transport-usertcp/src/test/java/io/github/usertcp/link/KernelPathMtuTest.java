package io.github.usertcp.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.usertcp.codec.IpAddress;
import io.netty.channel.ChannelException;
import org.junit.jupiter.api.Test;

class KernelPathMtuTest {
    /** Connections ask while they are alive, and are to stay so. */
    @Test
    void aProcessWithoutDescriptorsLeftKnowsNothing() {
        assertEquals(Integer.MAX_VALUE, KernelPathMtu.ask(IpAddress.LOOPBACK_V4, IpAddress.ANY_V4, () -> {
            throw new ChannelException("too many open files");
        }));
    }
}
