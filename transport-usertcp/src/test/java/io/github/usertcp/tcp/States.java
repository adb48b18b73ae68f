package io.github.usertcp.tcp;

/**
 * Scripts in each state, by the shortest way. In all synchronized states nothing has been sent or received but SYNs and FINs, so that
 * SND.NXT is 2 where our FIN is sent, else 1, and RCV.NXT 2 where the peer's has come, else 1.
 */
final class States {
    private States() {
    }

    static Script in(TcpState state) {
        Script t = switch (state) {
            case CLOSED -> Script.closed();
            case LISTEN -> Script.listening();
            case SYN_SENT -> Script.closed().connect().expect("S 0:0(0)");
            case SYN_RECEIVED -> Script.listening().receive("S 0:0(0) <mss 1460>").expect("S. 0:0(0) ack 1");
            case ESTABLISHED -> Script.established();
            case FIN_WAIT_1 -> finSent();
            case FIN_WAIT_2 -> finSent().receive(". 1:1(0) ack 2");
            case CLOSING -> finSent().receive("F. 1:1(0) ack 1").expect(". 2:2(0) ack 2");
            case TIME_WAIT -> finSent().receive("F. 1:1(0) ack 2").expect(". 2:2(0) ack 2");
            case CLOSE_WAIT -> finReceived();
            case LAST_ACK -> finReceived().shutdownOutput().expect("F. 1:1(0) ack 2");
        };
        return t.expectSilence().expectState(state);
    }

    private static Script finSent() {
        return Script.established().shutdownOutput().expect("F. 1:1(0) ack 1");
    }

    private static Script finReceived() {
        return Script.established().receive("F. 1:1(0) ack 1").expect(". 1:1(0) ack 2");
    }

    static int sndNxt(TcpState state) {
        return switch (state) {
            case FIN_WAIT_1, FIN_WAIT_2, CLOSING, TIME_WAIT, LAST_ACK -> 2;
            default -> 1;
        };
    }

    static int rcvNxt(TcpState state) {
        return switch (state) {
            case CLOSING, TIME_WAIT, CLOSE_WAIT, LAST_ACK -> 2;
            default -> 1;
        };
    }
}
