package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.testsuite.simulator.network.IcmpSource;
import io.github.usertcp.testsuite.simulator.network.SimulatedLink;

/** A {@link Scenario} that happens and is judged, whatever is at its ends. */
interface SimulatedRun extends AutoCloseable {
    /** No scenario needs a tenth of it. */
    int MAX_EVENTS = 1_000_000;
    /** When it is time to give up. */
    long MAX_NANOS = 4L * 3_600 * 1_000_000_000;

    /**
     * From the first SYN to the end of the last TIME-WAIT.
     *
     * @throws AssertionError saying what is wrong
     */
    void run();

    /** Tells these of every segment of the two ends. */
    void addListeners(SegmentListener client, SegmentListener server);

    /** Tells these of every ICMP error on its way to the two ends. */
    void addErrorListeners(IcmpSource.Listener ofClient, IcmpSource.Listener ofServer);

    /** From client to server. */
    SimulatedLink there();

    /** From server to client. */
    SimulatedLink back();

    /** Bytes read on both sides. */
    long deliveredBytes();

    /** Packets sent by both sides. */
    long packets();

    long nowNanos();

    /** Frees what both ends hold. */
    @Override
    void close();

    /** What is at the ends. */
    enum Ends {
        /** Connections alone, checked after every step. */
        ENGINES,
        /** Channels on stacks on event loops. */
        CHANNELS;

        SimulatedRun begin(Scenario scenario) {
            return this == ENGINES ? new ScenarioRun(scenario) : new ChannelRun(scenario);
        }
    }
}
