package io.github.usertcp.tcp;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Urgent data is taken in line (RFC 6093 section 6) and the pointer decides nothing, wherever it points. */
@TraceTest
@Tag("RFC9293-3.8.5")
class UrgentDataTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 10, 11, 65_535})
    void urgentBytesStayInTheirPlace(int pointer) {
        Script t = Script.established();
        t.receive("PU. 1:11(10) ack 1 win 65535 urg " + pointer).expect(". 1:1(0) ack 11").read(10);
        t.receive("P. 11:21(10) ack 1").expect(". 1:1(0) ack 21").read(10);
    }

    @Test void urgentPointerWithoutDataMeansNothing() {
        Script t = Script.established();
        t.receive("U. 1:1(0) ack 1 win 65535 urg 9000").expectSilence().expectReadable(0);
        t.receive("P. 1:11(10) ack 1").expect(". 1:1(0) ack 11").read(10);
    }

    @Test void urgentFinEndsTheInput() {
        Script t = Script.established();
        t.receive("FPU. 1:11(10) ack 1 win 65535 urg 65535").expect(". 1:1(0) ack 12").read(10).expectState(TcpState.CLOSE_WAIT);
    }

    @Test void urgentOutOfOrderDataIsReassembled() {
        Script t = Script.established();
        t.receive("PU. 11:21(10) ack 1 win 65535 urg 3").expect(". 1:1(0) ack 1").receive("PU. 1:11(10) ack 1 win 65535 urg 30").expect(". 1:1(0) ack 21").read(20);
    }
}
