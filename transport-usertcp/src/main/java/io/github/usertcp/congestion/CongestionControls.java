package io.github.usertcp.congestion;

/** The congestion controls that come with the library. */
public final class CongestionControls {
    private CongestionControls() {
    }

    /** NewReno: RFC 5681 slow start and congestion avoidance with RFC 6582's exit from recovery, byte counting of RFC 3465. */
    public static CongestionControlFactory newReno() {
        return new CongestionControlFactory() {
            @Override
            public String name() {
                return NewReno.NAME;
            }

            @Override
            public CongestionControl create() {
                return new NewReno();
            }

            @Override
            public String toString() {
                return NewReno.NAME;
            }
        };
    }
}
