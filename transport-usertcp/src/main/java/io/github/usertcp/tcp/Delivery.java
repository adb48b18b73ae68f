package io.github.usertcp.tcp;

/**
 * What one ACK delivered, cumulatively and selectively: how much, and the newest transmission among it, from which RACK, the delivery rate
 * and the congestion control draw their conclusions. One per connection, filled anew for every ACK.
 */
final class Delivery {
    /** No departure time. Any other value may be one: the caller's clock may start anywhere. */
    static final long UNTIMED = Long.MIN_VALUE;

    private long bytes;
    private long newlyLost;
    private boolean advanced;
    private boolean sacked;
    private boolean original;
    private boolean ambiguous;
    private long oldestSent;
    private long oldestSackedSent;
    private long lowestReordered;
    private long highestBefore;
    private long newestCopyNanos;

    private long sentNanos;
    private long end;
    private boolean hasRate;
    private long firstSentNanos;
    private long deliveredThen;
    private long deliveredThenNanos;
    private long flightThen;
    private long lostThen;
    private boolean appLimitedThen;

    /**
     * An ACK arrives.
     *
     * @param advances       it moves SND.UNA
     * @param highest        where the highest data delivered before ended
     * @param newestCopy     a copy that left after this time is not what was acknowledged: it is younger than any round trip, or
     *                       than the timestamp echoed
     */
    void start(boolean advances, long highest, long newestCopy) {
        highestBefore = highest;
        newestCopyNanos = newestCopy;
        bytes = 0;
        newlyLost = 0;
        advanced = advances;
        sacked = false;
        original = false;
        ambiguous = false;
        oldestSent = UNTIMED;
        oldestSackedSent = UNTIMED;
        lowestReordered = Long.MAX_VALUE;
        sentNanos = UNTIMED;
        end = 0;
        hasRate = false;
    }

    // ---- filling

    /** RFC 8985 section 6.2 step 2: a copy that left at {@code sent} can be what was acknowledged. */
    boolean isBelievable(long sent) {
        return sent <= newestCopyNanos;
    }

    /** Of what was acknowledged, so much had been counted at its duplicate ACKs. */
    void countedBefore(long count) {
        bytes -= Math.min(count, bytes);
    }

    void add(long delivered, boolean selectively) {
        bytes += delivered;
        sacked |= selectively;
    }

    void lost(long count) {
        newlyLost += count;
    }

    /** Data that had been sent once arrived; {@code sent} is when the first of it had left. */
    void addOriginal(long sent, boolean selectively) {
        if (selectively) {
            oldestSackedSent = oldestSackedSent == UNTIMED ? sent : Math.min(oldestSackedSent, sent);
        } else {
            oldestSent = oldestSent == UNTIMED ? sent : Math.min(oldestSent, sent);
        }
    }

    /** An episode's proof: data arrived that was sent before the episode and not again in it (RFC 5682 section 3.1). */
    void originalArrived() {
        original = true;
    }

    /** Data that had been sent more than once was acknowledged: by Karn's rule (RFC 6298 section 3) that times nothing. */
    void addAmbiguous() {
        ambiguous = true;
    }

    /** Never sent again, and yet it arrived behind what had left after it. */
    void reordered(long sequence) {
        lowestReordered = Math.min(lowestReordered, sequence);
    }

    /** A transmission that ended at {@code transmissionEnd} has arrived; the newest one counts. */
    void transmission(TransmissionRing ring, int row, long transmissionEnd) {
        if (isNewer(ring.sentNanos(row), transmissionEnd)) {
            sentNanos = ring.sentNanos(row);
            end = transmissionEnd;
            hasRate = true;
            firstSentNanos = ring.firstSentNanos(row);
            deliveredThen = ring.deliveredBytes(row);
            deliveredThenNanos = ring.deliveredNanos(row);
            flightThen = ring.flightBytes(row);
            lostThen = ring.lostBytes(row);
            appLimitedThen = ring.isAppLimited(row);
        }
    }

    /** The same of a tail loss probe, which the delivery rate knows nothing of. */
    void probe(long probeSentNanos, long probeEnd) {
        if (isNewer(probeSentNanos, probeEnd)) {
            sentNanos = probeSentNanos;
            end = probeEnd;
            hasRate = false;
        }
    }

    private boolean isNewer(long sent, long transmissionEnd) {
        return sentNanos == UNTIMED || sent > sentNanos || sent == sentNanos && transmissionEnd > end;
    }

    // ---- reading

    /** Newly known to have arrived. */
    long bytes() {
        return bytes;
    }

    long highestBefore() {
        return highestBefore;
    }

    /** Newly believed lost. */
    long lostBytes() {
        return newlyLost;
    }

    /** SND.UNA moved. */
    boolean isAdvanced() {
        return advanced;
    }

    /** Something was newly acknowledged selectively. */
    boolean isSacked() {
        return sacked;
    }

    boolean hasOriginal() {
        return original;
    }

    /** When the oldest data newly acknowledged had left, {@link #UNTIMED} if any of it was sent again. */
    long oldestSentNanos() {
        return ambiguous ? UNTIMED : oldestSent;
    }

    long oldestSackedSentNanos() {
        return oldestSackedSent;
    }

    boolean isReordered() {
        return lowestReordered != Long.MAX_VALUE;
    }

    long lowestReordered() {
        return lowestReordered;
    }

    boolean isTimed() {
        return sentNanos != UNTIMED;
    }

    /** When the newest transmission among what arrived had left. */
    long sentNanos() {
        return sentNanos;
    }

    /** Where what arrived of it ends. */
    long end() {
        return end;
    }

    boolean hasRate() {
        return hasRate;
    }

    long firstSentNanos() {
        return firstSentNanos;
    }

    long deliveredThen() {
        return deliveredThen;
    }

    long deliveredThenNanos() {
        return deliveredThenNanos;
    }

    long flightThen() {
        return flightThen;
    }

    long lostThen() {
        return lostThen;
    }

    boolean wasAppLimited() {
        return appLimitedThen;
    }
}
