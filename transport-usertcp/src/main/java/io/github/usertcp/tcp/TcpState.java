package io.github.usertcp.tcp;

/** The eleven states of RFC 9293 section 3.3.2, with the numbers Linux gives them in {@code tcp_info}. */
public enum TcpState {
    CLOSED(7),
    LISTEN(10),
    SYN_SENT(2),
    SYN_RECEIVED(3),
    ESTABLISHED(1),
    FIN_WAIT_1(4),
    FIN_WAIT_2(5),
    CLOSE_WAIT(8),
    CLOSING(11),
    LAST_ACK(9),
    TIME_WAIT(6);

    private final int linuxNumber;

    TcpState(int linuxNumber) {
        this.linuxNumber = linuxNumber;
    }

    /** {@code TCP_ESTABLISHED} and so on of Linux's {@code tcp_states.h}. */
    public int linuxNumber() {
        return linuxNumber;
    }

    /** RFC 9293 section 3.3.2: both sides have agreed on sequence numbers. */
    public boolean isSynchronized() {
        return this != CLOSED && this != LISTEN && this != SYN_SENT && this != SYN_RECEIVED;
    }
}
