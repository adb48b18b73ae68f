package io.github.usertcp.testsuite.simulator.host;

import io.github.usertcp.testsuite.simulator.network.PacketReceiver;

/** A machine at the end of a path, whatever runs on it. */
public interface SimulatedHost extends PacketReceiver {
    /**
     * The clock jumps ahead, as that of a virtual machine which was suspended; a monotonic one never jumps back.
     *
     * @param nanos  0 or more
     */
    void stepClock(long nanos);
}
