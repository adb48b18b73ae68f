package io.github.usertcp.testsuite.packetdrill.script;

/**
 * When an event takes place, in microseconds: at {@code micros}, or for what the stack sends, between it and {@code endMicros}.
 *
 * @param relative  counted from the moment the event's turn comes, not from the start of the script
 * @param any       {@code *}: whenever it happens
 */
public record EventTime(long micros, long endMicros, boolean relative, boolean any) {
    static final EventTime ANY = new EventTime(0, 0, false, true);

    public boolean isRange() {
        return endMicros != micros;
    }
}
