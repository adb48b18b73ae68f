package io.github.usertcp.stack;

/**
 * The buffer memory of all connections against the three marks of {@link TcpStackConfig}. Connections are charged for what they hold by
 * differences, whenever their turn ends.
 */
final class MemoryBudget {
    private final TcpStack stack;
    private final long lowBytes;
    private final long pressureBytes;
    private final long highBytes;
    private long usedBytes;
    private boolean pressure;
    private boolean told;

    MemoryBudget(TcpStack stack, TcpStackConfig config) {
        this.stack = stack;
        lowBytes = config.memoryLowBytes();
        pressureBytes = config.memoryPressureBytes();
        highBytes = config.memoryHighBytes();
    }

    long usedBytes() {
        return usedBytes;
    }

    boolean isUnderPressure() {
        return pressure;
    }

    /** No new connections until some memory is freed. */
    boolean isExhausted() {
        return usedBytes >= highBytes;
    }

    void charge(StackConnection connection) {
        charge(connection, connection.tcp().memoryBytes());
    }

    void forget(StackConnection connection) {
        charge(connection, 0);
    }

    private void charge(StackConnection connection, long bytes) {
        usedBytes += bytes - connection.chargedBytes;
        connection.chargedBytes = bytes;
        if (usedBytes >= pressureBytes) {
            pressure = true;
        } else if (usedBytes <= lowBytes) {
            pressure = false;
        }
    }

    /** Tells the connections if the pressure has come or gone. Once a batch, since it takes a walk over all of them. */
    void applyPressure() {
        if (pressure == told) {
            return;
        }
        told = pressure;
        if (pressure) {
            stack.stats().count(StackCounter.MEMORY_PRESSURES);
        }
        for (StackConnection connection : stack.connections.toArray()) {
            connection.tcp().memoryPressure(pressure);
            stack.batch.touch(connection); // the end of pressure may be worth a window update
        }
    }
}
