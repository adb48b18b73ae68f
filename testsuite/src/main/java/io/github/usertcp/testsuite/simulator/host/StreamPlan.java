package io.github.usertcp.testsuite.simulator.host;

/**
 * What a user does with a connection.
 *
 * @param bytesToSend       length of its stream
 * @param maxWriteBytes     largest single write
 * @param writePauseNanos   upper bound of the random pause after a write; 0 writes as long as there is room
 * @param maxReadBytes      largest single read
 * @param readPauseBytes    after so many bytes read it rests; {@link Long#MAX_VALUE} for never
 * @param readPauseNanos    how long it rests
 * @param ending            how it says farewell
 */
public record StreamPlan(long bytesToSend, int maxWriteBytes, long writePauseNanos, int maxReadBytes, long readPauseBytes,
                         long readPauseNanos, Ending ending) {
    private static final int BULK_BYTES = 1 << 17;

    /** How a user says farewell. */
    public enum Ending {
        /** Half-closes behind its last byte, reads the peer's stream to its end, closes. */
        HALF_CLOSE,
        /** Closes when both streams are over: the other's first. */
        WAIT_FOR_PEER,
        /** Closes behind its last byte, whatever the peer has to say still: that is answered by RST. */
        CLOSE_EARLY,
        /** Aborts when half of its stream is written. */
        ABORT
    }

    /** Sends as fast as it goes. */
    public static StreamPlan bulk(long bytes) {
        return new StreamPlan(bytes, BULK_BYTES, 0, BULK_BYTES, Long.MAX_VALUE, 0, Ending.HALF_CLOSE);
    }

    /** Sends nothing, reads everything at once, and ends when the peer has. */
    public static StreamPlan sink() {
        return new StreamPlan(0, BULK_BYTES, 0, BULK_BYTES, Long.MAX_VALUE, 0, Ending.WAIT_FOR_PEER);
    }

    /** The peer may miss bytes of ours, or we of the peer's. */
    public boolean breaksOff() {
        return ending == Ending.CLOSE_EARLY || ending == Ending.ABORT;
    }
}
