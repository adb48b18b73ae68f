package io.github.usertcp.congestion;

/** The largest of the values of a sliding window, kept in two halves: the window moves on by a half at a time. */
final class WindowedMax {
    private long older;
    private long newer;

    void update(long value) {
        newer = Math.max(newer, value);
    }

    /** A half of the window is over. */
    void advance() {
        older = newer;
        newer = 0;
    }

    /** There was a value above 0 since the last {@link #advance}. */
    boolean hasNewer() {
        return newer > 0;
    }

    long max() {
        return Math.max(older, newer);
    }
}
