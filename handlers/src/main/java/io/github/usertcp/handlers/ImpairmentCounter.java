package io.github.usertcp.handlers;

/** What an {@link ImpairedDirection} counts. */
public enum ImpairmentCounter {
    /** Packets that came; a super-segment counts as the packets it is cut into. */
    PACKETS,
    /** Packets lost by chance. */
    LOST,
    /** Packets dropped because the queue before the transmitter was full, see {@link Impairment#rate}. */
    QUEUE_OVERFLOWS,
    /** Packets, and second copies, dropped because too much was held back already, see {@link Impairment#holding}. */
    HELD_OVERFLOWS,
    /** Packets that got a second copy. */
    DUPLICATED,
    /** Packets, and second copies, held back for a while. */
    DELAYED,
    /** Packets, and second copies, that another one has overtaken. */
    REORDERED
}
