package io.github.usertcp.tcp;

/** What has been sent and not been acknowledged: first transmissions without a gap, and the copies made of parts of them. */
final class TransmissionRecords {
    private final TransmissionRing firstSent = new TransmissionRing();
    private final TransmissionRing copies = new TransmissionRing();

    /** In the order of their numbers, which is the order they left in. */
    TransmissionRing firstSent() {
        return firstSent;
    }

    /** In the order they left in. */
    TransmissionRing copies() {
        return copies;
    }

    void acknowledge(long upTo) {
        firstSent.forgetBefore(upTo);
        copies.forgetBefore(upTo);
    }

    /** When the oldest burst outstanding left, {@link Delivery#UNTIMED} if there is none. */
    long oldestSentNanos() {
        return firstSent.isEmpty() ? Delivery.UNTIMED : firstSent.sentNanos(0);
    }

    /** Forgets everything, and the memory. */
    void release() {
        firstSent.release();
        copies.release();
    }

    void checkInvariants(long una, long nxt) {
        firstSent.checkGapless(una, nxt);
    }
}
