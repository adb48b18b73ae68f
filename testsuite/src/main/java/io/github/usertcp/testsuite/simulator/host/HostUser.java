package io.github.usertcp.testsuite.simulator.host;

/** The application on a host. */
public interface HostUser {
    /** Something may have happened: take events, read, write, close. Called until nothing follows from it any more. */
    void act(EngineHost host, long nowNanos);
}
