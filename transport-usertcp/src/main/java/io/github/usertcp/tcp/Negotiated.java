package io.github.usertcp.tcp;

/**
 * What the handshake settled; never changes afterwards.
 *
 * @param peerMss     the peer's MSS, at least {@link TcpConfig#MIN_SEGMENT_SIZE}
 * @param sndWscale   shift of the windows the peer sends, -1 without scaling
 * @param rcvWscale   shift of those we send, -1 without scaling
 * @param sack        both permit SACK
 * @param timestamps  both use timestamps
 * @param tsOffset    what is added to our millisecond clock
 */
record Negotiated(int peerMss, int sndWscale, int rcvWscale, boolean sack, boolean timestamps, int tsOffset) {
    /** RFC 7323 appendix A: two NOPs and the ten bytes of the option. */
    static final int TIMESTAMPS_BYTES = 12;

    int scaled(int windowField) {
        return sndWscale < 0 ? windowField : windowField << sndWscale;
    }

    /** Payload of a full segment of the peer's, which knows our MSS. */
    int receivedSegment(int announcedMss) {
        return announcedMss - optionBytes();
    }

    /** Payload of a full segment: the smaller MSS less the options every segment carries (RFC 6691 section 2). */
    int smss(int ownLimit) {
        return Math.min(peerMss, ownLimit) - optionBytes();
    }

    /** Of the options that every segment carries. */
    int optionBytes() {
        return timestamps ? TIMESTAMPS_BYTES : 0;
    }
}
