package io.github.usertcp.congestion;

/**
 * The window that CUBIC aims at. The idea: the time since the last loss alone says how large the window is, by a cubic curve that is
 * flat where the last loss happened and steep far from it, so that flows of different RTT grow alike; and where that is less than what
 * Reno would have by now, what Reno would have.
 *
 * <p>Source: RFC 9438 sections 4.2 (curve), 4.3 (Reno-friendly region), 4.4 and 4.5 (growth), 4.7 (fast convergence).
 * <pre>
 *   W_cubic(t) = C * (t - K)^3 + W_max          K = cbrt((W_max - cwnd_epoch) / C)
 *   W_est     += alpha * acked / cwnd           alpha = 3 * (1 - beta) / (1 + beta), 1 once W_est has reached cwnd_prior
 *   cwnd      += (W_cubic(t + RTT) - cwnd) * acked / cwnd                  at most half a window a round trip
 * </pre>
 * Units are segments and seconds; t excludes the time in which the window was not in use. Plain values, copied to be restored by an undo.
 */
final class CubicCurve {
    /** RFC 9438 section 4.6. */
    static final double BETA = 0.7;
    /** RFC 9438 section 5: segments per second cubed. */
    private static final double C = 0.4;
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);
    private static final double MAX_GROWTH_A_ROUND = 1.5;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Where the plateau is; 0 while no loss has shown it. */
    private double wMax;
    /** The window before the last reduction; 0 while there was none. */
    private double cwndPrior;
    private double wEst;
    private double k;
    private long epochNanos;
    private boolean begun;

    void copyFrom(CubicCurve other) {
        wMax = other.wMax;
        cwndPrior = other.cwndPrior;
        wEst = other.wEst;
        k = other.k;
        epochNanos = other.epochNanos;
        begun = other.begun;
    }

    /** A loss with a window of so many segments. Below the last plateau another flow wants room: leave it some (section 4.7). */
    void loss(double cwnd) {
        wMax = cwnd < wMax ? cwnd * (1 + BETA) / 2 : cwnd;
        cwndPrior = cwnd;
        begun = false;
    }

    /** The timer expired: what was known of the path is void (section 4.8: K is 0 and W_max the window to begin with). */
    void forgetPlateau() {
        wMax = 0;
        begun = false;
    }

    /** So much time was spent without using the window: it doesn't count (section 4.2). */
    void exclude(long nanos) {
        epochNanos += nanos;
    }

    /** The segment size changed by 1 / ratio. The stage of congestion avoidance begins again. */
    void rescale(double ratio) {
        wMax *= ratio;
        cwndPrior *= ratio;
        begun = false;
    }

    /** A slow start without a threshold goes on: no stage is running. */
    void stop() {
        begun = false;
    }

    /** By how many segments a window of {@code cwnd} grows in congestion avoidance when {@code acked} are acknowledged. */
    double growth(double cwnd, double acked, long nowNanos, long rttNanos) {
        if (!begun) {
            begin(cwnd, nowNanos);
        }
        wEst += (wEst < cwndPrior ? ALPHA : 1) * acked / cwnd;
        double t = Math.max(0, nowNanos - epochNanos) / NANOS_PER_SECOND;
        if (at(t) < wEst) {
            return Math.max(0, wEst - cwnd);
        }
        double target = Math.min(at(t + Math.max(0, rttNanos) / NANOS_PER_SECOND), MAX_GROWTH_A_ROUND * cwnd);
        return Math.max(0, target - cwnd) * acked / cwnd;
    }

    private void begin(double cwnd, long nowNanos) {
        if (cwndPrior == 0) {
            cwndPrior = cwnd; // section 4.10: slow start ended without a loss
        }
        wMax = Math.max(wMax, cwnd);
        // Not Math: its last bit may differ between Java versions, and a simulation replays bit for bit.
        k = StrictMath.cbrt((wMax - cwnd) / C);
        wEst = cwnd;
        epochNanos = nowNanos;
        begun = true;
    }

    private double at(double seconds) {
        double x = seconds - k;
        return C * x * x * x + wMax;
    }
}
