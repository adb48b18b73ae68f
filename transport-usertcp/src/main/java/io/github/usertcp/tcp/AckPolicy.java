package io.github.usertcp.tcp;

/**
 * When to acknowledge. The idea: at once at the start of a connection, so that the peer's slow start is not held back, and whenever
 * something is out of the ordinary; else for more than one full segment, when the application has read all there is, when the delay is
 * over, or with whatever leaves anyway.
 *
 * <p>Source: RFC 9293 section 3.8.6.3, RFC 5681 section 4.2; what those leave open is done as in Linux:
 * <pre>
 *   quick        so many ACKs leave at once: at the start, after a pause longer than the RTO, after anything repeated
 *   interactive  entered when our data answers the peer's within the delay: an answer will take the ACK along, which may therefore wait
 *   ATO          the delay, between a minimum and a maximum: halved towards the time between arrivals, doubled when it was in vain
 * </pre>
 */
final class AckPolicy {
    /** Linux: what a full segment is taken for until a longer one has been seen (RFC 9293 section 3.7.1: the default MSS). */
    private static final int FIRST_GUESS_BYTES = 536;
    /** Linux: shorter ones don't count as full, whatever they look like. */
    private static final int SMALLEST_FULL_BYTES = 88;
    /** Linux: at least so many quick ACKs, however small the window. */
    private static final int MIN_QUICK_ACKS = 2;
    private static final long HALF_SECOND_NANOS = 500_000_000L;
    /** Three make a sender without SACK repeat a segment, each more lets it send another (RFC 5681 section 3.2): no more than help. */
    private static final int MAX_DUPLICATES = 16;

    private boolean now;
    /** ACKs owed one by one to a sender that counts them. */
    private int duplicates;
    private boolean nextAtOnce;
    /** New data, or a FIN, has arrived since an ACK left. */
    private boolean pending;
    private int quickLeft;
    private boolean interactive;
    /** 0 before the first data. */
    private long atoNanos;
    private long lastReceivedNanos;
    /** What the peer calls a full segment, as far as one can see. */
    private int fullSegment = FIRST_GUESS_BYTES;
    /** The last segment's payload if it may be a full one although it is shorter than others were. */
    private int candidate;
    /** Since an ACK left, a write of the peer's has ended, or more than one. */
    private boolean pushed;
    private boolean pushedAgain;
    /** The next challenge ACK may leave then. */
    private long challengeAllowedAt = Long.MIN_VALUE;

    void start(int announcedMss, int peerMss, long nowNanos) {
        fullSegment = Math.max(Math.min(Math.min(announcedMss, peerMss), fullSegment), SMALLEST_FULL_BYTES);
        lastReceivedNanos = nowNanos;
    }

    /** Something unusual arrived, or the sender is waiting for us: acknowledge with the next poll. */
    void acknowledgeNow() {
        now = true;
    }

    /** No reason for an ACK by itself, but none that is due may wait. */
    void acknowledgeNextAtOnce() {
        nextAtOnce = true;
    }

    /** So many ACKs leave at once, the one of data that is just being looked at included: the peer's window may be very small. */
    void quick(int acks, TcpConfig config) {
        quickLeft = Math.max(quickLeft, acks);
        interactive = false;
        atoNanos = config.delayedAckMinNanos();
    }

    /**
     * Segments arrived out of order. RFC 5681 section 4.2 wants an ACK at once for each: a sender without SACK counts them. One with SACK
     * learns all there is to know from a single one behind the batch.
     */
    void outOfOrder(int segments, boolean sack) {
        now = true;
        duplicates = sack ? 0 : Math.min(duplicates + segments, MAX_DUPLICATES);
    }

    /**
     * Data arrived in order: learns how long the peer's segments are.
     *
     * @param segmentBytes  payload of one wire segment of it
     * @param last          it has PSH or FIN, so that a short one need not be full
     */
    void measure(int segmentBytes, boolean last) {
        int before = candidate;
        candidate = 0;
        if (segmentBytes >= fullSegment) {
            fullSegment = segmentBytes;
            pushed |= last;
            return;
        }
        // A path with small segments: two of the same length in a row, and no reason but their size why they end there.
        if (segmentBytes >= FIRST_GUESS_BYTES || segmentBytes >= SMALLEST_FULL_BYTES && !last) {
            candidate = segmentBytes;
            if (segmentBytes == before) {
                fullSegment = segmentBytes;
                return;
            }
        }
        pushedAgain |= pushed;
        pushed = true;
    }

    /** Data arrived in order: learns how often it does, and that after a pause the peer may be in slow start again. */
    void dataArrives(long nowNanos, long rtoNanos, long windowBytes, TcpConfig config) {
        pending = true;
        long min = config.delayedAckMinNanos();
        long since = nowNanos - lastReceivedNanos;
        if (atoNanos == 0) {
            beQuick(windowBytes, config);
            atoNanos = min;
        } else if (since <= min / 2) {
            atoNanos = atoNanos / 2 + min / 2;
        } else if (since < atoNanos) {
            atoNanos = Math.min(atoNanos / 2 + since, rtoNanos);
        } else if (since > rtoNanos) {
            beQuick(windowBytes, config);
        }
        lastReceivedNanos = nowNanos;
    }

    /** At most as many as the setting says, and as would announce half of the window segment by segment. */
    private void beQuick(long windowBytes, TcpConfig config) {
        long quick = Math.max(MIN_QUICK_ACKS, windowBytes / (2L * fullSegment));
        quickLeft = Math.max(quickLeft, (int) Math.min(quick, config.quickAckSegments()));
    }

    /** The peer has repeated something, or sent what we can't take: it may have lost our ACKs, and waits for one. */
    void answerRepeated(long windowBytes, TcpConfig config) {
        beQuick(windowBytes, config);
        interactive = false;
        atoNanos = config.delayedAckMinNanos();
        now = true;
    }

    /** The peer will send no more: our side's FIN or last data may soon take the ACK along. */
    void finArrives() {
        pending = true;
        interactive = true;
    }

    /**
     * Data or a FIN was taken in order, which is not acknowledged yet.
     *
     * @param unacknowledged  bytes received since an ACK left
     * @return true if the ACK may wait
     */
    boolean mayWait(long unacknowledged, TcpConfig config) {
        // RFC 5681 4.2 wants one for every second full-sized segment; Linux's sends it also when the second is shorter.
        boolean quick = quickLeft > 0 && !interactive;
        duplicates = 0; // the acknowledgment number has moved on
        now |= nextAtOnce || unacknowledged > fullSegment || quick || config.quickAck() || config.delayedAckMaxNanos() == 0;
        return !now;
    }

    /**
     * How long the ACK waits.
     *
     * @param srttNanos  -1 if unknown
     */
    long delayNanos(long srttNanos, TcpConfig config) {
        long delay = atoNanos;
        if (delay > config.delayedAckMinNanos()) {
            long most = interactive || pushed ? config.delayedAckMaxNanos() : HALF_SECOND_NANOS;
            if (srttNanos >= 0) {
                most = Math.min(most, Math.max(srttNanos, config.delayedAckMinNanos()));
            }
            delay = Math.min(delay, most);
        }
        return Math.min(delay, config.delayedAckMaxNanos());
    }

    /** Nothing has taken the ACK along: next time wait longer; in an interactive exchange it has ended. */
    void delayIsOver(long rtoNanos, TcpConfig config) {
        now = true;
        if (interactive) {
            interactive = false;
            atoNanos = config.delayedAckMinNanos();
        } else {
            atoNanos = Math.min(2 * atoNanos, rtoNanos);
        }
    }

    /**
     * The application has read: what it wanted to do about the data is done, or is done now.
     *
     * @param unacknowledged  bytes received since an ACK left
     * @param everything      nothing is left to read
     */
    void applicationRead(long unacknowledged, boolean everything) {
        boolean endOfWrite = pushedAgain || pushed && !interactive;
        now |= pending && (unacknowledged > fullSegment || everything && endOfWrite);
    }

    /** Data leaves: if it looks like an answer to what came last, the next ACK may wait for an answer too. */
    void dataSent(long nowNanos) {
        interactive |= nowNanos - lastReceivedNanos < atoNanos;
    }

    /** A segment with an up-to-date acknowledgment left. */
    void sent(TcpConfig config) {
        if (pending && quickLeft > 0 && --quickLeft == 0) {
            atoNanos = config.delayedAckMinNanos();
        }
        duplicates = Math.max(0, duplicates - 1);
        now = duplicates > 0;
        nextAtOnce = false;
        pending = false;
        pushed = false;
        pushedAgain = false;
    }

    boolean isDue() {
        return now;
    }

    int fullSegment() {
        return fullSegment;
    }

    long atoNanos() {
        return atoNanos;
    }

    /**
     * An ACK in answer to a segment that is not acceptable, at most one in the configured time. The limit is this connection's own: a limit
     * shared between connections lets an off-path attacker find out about one by probing another (CVE-2016-5696, RFC 5961 section 7).
     *
     * @return true if it was allowed
     */
    boolean challenge(long nowNanos, TcpConfig config) {
        if (nowNanos < challengeAllowedAt) {
            return false;
        }
        challengeAllowedAt = nowNanos + config.challengeAckIntervalNanos();
        now = true;
        return true;
    }

    void checkInvariants() {
        assert duplicates == 0 || now : duplicates + " duplicate ACKs owed, but none due";
        assert quickLeft >= 0 : quickLeft + " quick ACKs left";
        assert atoNanos >= 0 : "ATO of " + atoNanos + " ns";
        assert !pushedAgain || pushed : "pushed again, but not before";
    }
}
