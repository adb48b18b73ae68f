package io.github.usertcp.congestion;

import java.util.function.Supplier;

/** The congestion controls that come with the library. */
public final class CongestionControls {
    private static final CongestionControlFactory NEW_RENO = new Algorithm(NewReno.NAME, false, NewReno::new);
    private static final CongestionControlFactory CUBIC = new Algorithm(Cubic.NAME, false, Cubic::new);
    private static final CongestionControlFactory BBR = new Algorithm(Bbr.NAME, false, Bbr::new);
    private static final CongestionControlFactory DCTCP = new Algorithm(Dctcp.NAME, true, Dctcp::new);

    private CongestionControls() {
    }

    /** NewReno, {@code "reno"}: RFC 5681 slow start and congestion avoidance, byte counting of RFC 3465. */
    public static CongestionControlFactory newReno() {
        return NEW_RENO;
    }

    /** CUBIC (RFC 9438) with HyStart++ (RFC 9406), {@code "cubic"}: the default, for any path. */
    public static CongestionControlFactory cubic() {
        return CUBIC;
    }

    /**
     * BBR, version 3 (draft-ietf-ccwg-bbr), {@code "bbr"}: paces by a measured bandwidth; for paths with random loss or with queues so
     * long that filling them hurts.
     */
    public static CongestionControlFactory bbr() {
        return BBR;
    }

    /**
     * DCTCP (RFC 8257), {@code "dctcp"}: for data centres only, where switches mark packets early and every flow does
     * the same. Asks for ECN by itself; with a peer that refuses it, it is NewReno.
     */
    public static CongestionControlFactory dctcp() {
        return DCTCP;
    }

    /**
     * A window that never moves, {@code "fixed"}: for tests and experiments. On a shared path it is a hazard to others.
     *
     * @param cwndBytes  the window, 1 to {@link CongestionControl#MAX_CWND_BYTES}; at least one segment is sent whatever it is
     * @throws IllegalArgumentException  if it is out of range
     */
    public static CongestionControlFactory fixedWindow(long cwndBytes) {
        if (cwndBytes < 1 || cwndBytes > CongestionControl.MAX_CWND_BYTES) {
            throw new IllegalArgumentException("cwndBytes: " + cwndBytes + " (expected: 1 to " + CongestionControl.MAX_CWND_BYTES + ')');
        }
        return new Algorithm(FixedWindow.NAME, false, () -> new FixedWindow(cwndBytes));
    }

    /**
     * The algorithm of a name as Linux's {@code TCP_CONGESTION} knows it: {@code "reno"}, {@code "cubic"}, {@code "bbr"} or
     * {@code "dctcp"}.
     *
     * @throws IllegalArgumentException  if there is none of that name; the message lists those there are
     */
    public static CongestionControlFactory named(String name) {
        return switch (name) {
            case NewReno.NAME -> NEW_RENO;
            case Cubic.NAME -> CUBIC;
            case Bbr.NAME -> BBR;
            case Dctcp.NAME -> DCTCP;
            default -> throw new IllegalArgumentException("congestion control: " + name + " (expected: reno, cubic, bbr or dctcp)");
        };
    }

    private record Algorithm(String name, boolean needsEcn, Supplier<CongestionControl> constructor) implements CongestionControlFactory {
        @Override
        public CongestionControl create() {
            return constructor.get();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
