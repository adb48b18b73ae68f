package io.github.usertcp.codec;

/** How many packets were thrown away, by reason. Written by one thread; other threads may read, and then may see slightly old numbers. */
public final class DropCounters {
    private static final DropReason[] REASONS = DropReason.values();

    private final long[] counts = new long[REASONS.length];

    void increment(DropReason reason) {
        counts[reason.ordinal()]++;
    }

    /** Packets thrown away for this reason since the handler was made. */
    public long count(DropReason reason) {
        return counts[reason.ordinal()];
    }

    /** Packets thrown away for any reason. */
    public long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    /** The reasons that occurred, such as {@code "PORT_ZERO=2 BAD_CHECKSUM=1"}; empty if nothing was dropped. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (DropReason reason : REASONS) {
            if (count(reason) > 0) {
                text.append(text.isEmpty() ? "" : " ").append(reason).append('=').append(count(reason));
            }
        }
        return text.toString();
    }
}
