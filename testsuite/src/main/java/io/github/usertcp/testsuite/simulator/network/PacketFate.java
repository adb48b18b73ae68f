package io.github.usertcp.testsuite.simulator.network;

/** What a link did to a packet, other than carrying it. */
public enum PacketFate {
    /** The queue was full, or CoDel chose it. */
    DROPPED_BY_QUEUE("dropped by queue"),
    LOST("lost"),
    TOO_BIG("too big"),
    BLACKED_OUT("lost in black-out"),
    CORRUPTED("one bit flipped"),
    DUPLICATED("duplicated"),
    MARKED("marked CE");

    private final String text;

    PacketFate(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
