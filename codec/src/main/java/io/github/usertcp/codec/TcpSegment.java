package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCounted;
import java.util.Arrays;

/**
 * One TCP segment (RFC 9293 section 3.1), or one <em>super-segment</em>: a header, up to 64 KiB of payload, and the
 * {@linkplain #segmentSize() payload size} at which the link has to cut it.
 *
 * <p>Numbers are those of the wire: {@code seq} and {@code ack} are the 32 bits of the header, the window is the raw 16-bit
 * field, never scaled. Options are fields; an absent one is -1, {@code false} or {@code null}. Options of unknown kinds are
 * skipped on reading.
 *
 * <p>A segment is a mutable holder with one owner at a time, like the {@link ByteBuf} in it; passing it on passes ownership.
 * Reference counting is that of the payload, and {@link Unpooled#EMPTY_BUFFER} makes a segment without payload free to drop. Not
 * thread-safe.
 */
public final class TcpSegment implements ReferenceCounted {
    /** RFC 2018 section 3: no more than four blocks fit into the 40 bytes of options. */
    public static final int MAX_SACK_BLOCKS = 4;
    /** The value of an integer option that is absent. */
    public static final int ABSENT = -1;

    private static final byte[] NO_COOKIE = {};

    private IpAddress source = IpAddress.ANY_V4;
    private IpAddress destination = IpAddress.ANY_V4;
    private int sourcePort;
    private int destinationPort;
    private int sourceUdpPort;
    private int destinationUdpPort;
    private int trafficClass;

    private int seq;
    private int ack;
    private int flags;
    private int window;
    private int urgentPointer;

    private int mss = ABSENT;
    private int windowScale = ABSENT;
    private boolean sackPermitted;
    private int sackBlockCount;
    private int[] sackEdges;
    private boolean timestamps;
    private int tsVal;
    private int tsEcr;
    private byte[] fastOpenCookie;
    private boolean fastOpenExperimental;
    private int userTimeout = ABSENT;
    private int ecnFields = ABSENT;
    private boolean e1bFirst;
    private int e0b;
    private int ceb;
    private int e1b;

    private boolean repeatsCwr;
    private ByteBuf payload = Unpooled.EMPTY_BUFFER;
    private int segmentSize;

    /** Reads packetdrill text such as {@code "S. 0:0(0) ack 1 win 65535 <mss 1460>"}; see {@link TcpSegmentText}. */
    public static TcpSegment parse(String text) {
        return TcpSegmentText.parse(text);
    }

    public IpAddress source() {
        return source;
    }

    public int sourcePort() {
        return sourcePort;
    }

    public TcpSegment source(IpAddress address, int port) {
        source = address;
        sourcePort = port;
        return this;
    }

    public IpAddress destination() {
        return destination;
    }

    public int destinationPort() {
        return destinationPort;
    }

    public TcpSegment destination(IpAddress address, int port) {
        destination = address;
        destinationPort = port;
        return this;
    }

    /** The UDP port the segment came from when it travelled in UDP (RFC 6951 style encapsulation), 0 on plain IP. */
    public int sourceUdpPort() {
        return sourceUdpPort;
    }

    /** The UDP port the segment goes to when it travels in UDP, 0 on plain IP. */
    public int destinationUdpPort() {
        return destinationUdpPort;
    }

    public TcpSegment udpPorts(int source, int destination) {
        sourceUdpPort = source;
        destinationUdpPort = destination;
        return this;
    }

    /**
     * The octet of the IP header called type of service, traffic class, or DS field and ECN (RFC 2474, RFC 3168): 0 to 255. It travels
     * beside the segment; a link whose packets' headers are not its own to write, such as one over UDP, may know and set only 0.
     */
    public int trafficClass() {
        return trafficClass;
    }

    public TcpSegment trafficClass(int octet) {
        trafficClass = octet & 0xFF;
        return this;
    }

    /** The two low bits of {@link #trafficClass()}, the ECN field (RFC 3168 section 5): one of {@link EcnCodepoint}. */
    public int ecn() {
        return trafficClass & EcnCodepoint.MASK;
    }

    /** Sets those two bits and leaves the six others alone. */
    public TcpSegment ecn(int codepoint) {
        trafficClass = trafficClass & ~EcnCodepoint.MASK | codepoint & EcnCodepoint.MASK;
        return this;
    }

    public int seq() {
        return seq;
    }

    public TcpSegment seq(int value) {
        seq = value;
        return this;
    }

    /** The acknowledgment field as it stands on the wire; it means something only if {@link #isAck()}. */
    public int ack() {
        return ack;
    }

    /** Sets the acknowledgment field and the ACK flag. */
    public TcpSegment ack(int value) {
        ack = value;
        flags |= TcpFlags.ACK;
        return this;
    }

    /** Sets the acknowledgment field and leaves the flags alone. */
    public TcpSegment ackField(int value) {
        ack = value;
        return this;
    }

    /** A mask of {@link TcpFlags}. */
    public int flags() {
        return flags;
    }

    public TcpSegment flags(int mask) {
        flags = mask & TcpFlags.ALL;
        return this;
    }

    public TcpSegment addFlags(int mask) {
        return flags(flags | mask);
    }

    public boolean hasFlags(int mask) {
        return (flags & mask) == mask;
    }

    public boolean isSyn() {
        return (flags & TcpFlags.SYN) != 0;
    }

    public boolean isAck() {
        return (flags & TcpFlags.ACK) != 0;
    }

    public boolean isRst() {
        return (flags & TcpFlags.RST) != 0;
    }

    public boolean isFin() {
        return (flags & TcpFlags.FIN) != 0;
    }

    /** The 16-bit window field, 0 to 65535, not scaled. */
    public int window() {
        return window;
    }

    public TcpSegment window(int value) {
        window = value & 0xFFFF;
        return this;
    }

    public int urgentPointer() {
        return urgentPointer;
    }

    public TcpSegment urgentPointer(int value) {
        urgentPointer = value & 0xFFFF;
        return this;
    }

    /** Maximum segment size option, 0 to 65535, or {@link #ABSENT}. */
    public int mss() {
        return mss;
    }

    public TcpSegment mss(int value) {
        mss = value;
        return this;
    }

    /** Window scale option (RFC 7323 section 2) as sent, 0 to 255, or {@link #ABSENT}. */
    public int windowScale() {
        return windowScale;
    }

    public TcpSegment windowScale(int value) {
        windowScale = value;
        return this;
    }

    public boolean isSackPermitted() {
        return sackPermitted;
    }

    public TcpSegment sackPermitted(boolean value) {
        sackPermitted = value;
        return this;
    }

    public int sackBlockCount() {
        return sackBlockCount;
    }

    public int sackLeft(int block) {
        return sackEdges[2 * checkBlock(block)];
    }

    public int sackRight(int block) {
        return sackEdges[2 * checkBlock(block) + 1];
    }

    /**
     * Appends a SACK block (RFC 2018 section 3) of wire sequence numbers.
     *
     * @throws IllegalStateException if there are four already
     */
    public TcpSegment addSackBlock(int left, int right) {
        if (sackBlockCount == MAX_SACK_BLOCKS) {
            throw new IllegalStateException("a segment holds at most " + MAX_SACK_BLOCKS + " SACK blocks");
        }
        if (sackEdges == null) {
            sackEdges = new int[2 * MAX_SACK_BLOCKS];
        }
        sackEdges[2 * sackBlockCount] = left;
        sackEdges[2 * sackBlockCount + 1] = right;
        sackBlockCount++;
        return this;
    }

    public TcpSegment clearSackBlocks() {
        return dropSackBlocks(0);
    }

    /** Keeps the first blocks, which are the most recent ones (RFC 2018 section 4). */
    TcpSegment dropSackBlocks(int kept) {
        sackBlockCount = Math.min(sackBlockCount, kept);
        return this;
    }

    public boolean hasTimestamps() {
        return timestamps;
    }

    /** TSval (RFC 7323 section 3.2); it means something only if {@link #hasTimestamps()}. */
    public int tsVal() {
        return tsVal;
    }

    public int tsEcr() {
        return tsEcr;
    }

    public TcpSegment timestamps(int value, int echoReply) {
        timestamps = true;
        tsVal = value;
        tsEcr = echoReply;
        return this;
    }

    public TcpSegment clearTimestamps() {
        timestamps = false;
        tsVal = 0;
        tsEcr = 0;
        return this;
    }

    /** Fast Open cookie (RFC 7413 section 4.1.1): {@code null} if the option is absent, empty for a cookie request. Not copied. */
    public byte[] fastOpenCookie() {
        return fastOpenCookie;
    }

    /** True if the cookie travels, or travelled, in the experimental option 254 of before RFC 7413, not in option 34. */
    public boolean isFastOpenExperimental() {
        return fastOpenExperimental;
    }

    public TcpSegment fastOpenCookie(byte[] cookie) {
        return fastOpenCookie(cookie, false);
    }

    /** The cookie, and which of the two options carries it (RFC 7413 section 9). */
    public TcpSegment fastOpenCookie(byte[] cookie, boolean experimental) {
        fastOpenCookie = cookie == null || cookie.length > 0 ? cookie : NO_COOKIE;
        fastOpenExperimental = cookie != null && experimental;
        return this;
    }

    /** User Timeout option (RFC 5482 section 3) as its 16 bits, the granularity bit highest, or {@link #ABSENT}. */
    public int userTimeout() {
        return userTimeout;
    }

    public TcpSegment userTimeout(int value) {
        userTimeout = value;
        return this;
    }

    /**
     * Counters in the accurate ECN option (RFC 9768 section 3.2.3), 0 to 3, or {@link #ABSENT}. The option may be cut behind any of them,
     * and has two orders: see {@link #isE1bFirst()}.
     */
    public int ecnFields() {
        return ecnFields;
    }

    /** True for the option of kind 174, whose order is e1b, ceb, e0b; false for kind 172, whose order is e0b, ceb, e1b. */
    public boolean isE1bFirst() {
        return e1bFirst;
    }

    /** Bytes of text that arrived marked ECT(0), as the option's 24 bits, or {@link #ABSENT} if the option does not reach that far. */
    public int e0b() {
        return hasEcnField(e1bFirst ? 2 : 0) ? e0b : ABSENT;
    }

    /** The same for text marked CE. */
    public int ceb() {
        return hasEcnField(1) ? ceb : ABSENT;
    }

    /** The same for text marked ECT(1). */
    public int e1b() {
        return hasEcnField(e1bFirst ? 0 : 2) ? e1b : ABSENT;
    }

    private boolean hasEcnField(int index) {
        return ecnFields > index;
    }

    /**
     * Sets the accurate ECN option.
     *
     * @param fields  how many of the counters it holds, 0 to 3, or {@link #ABSENT} for no option
     */
    public TcpSegment ecnOption(boolean e1bComesFirst, int fields) {
        e1bFirst = e1bComesFirst;
        ecnFields = fields;
        return this;
    }

    /** Sets the counters of the accurate ECN option, of which the low 24 bits count. */
    public TcpSegment ecnCounters(int e0bBytes, int cebBytes, int e1bBytes) {
        e0b = e0bBytes & 0xFF_FFFF;
        ceb = cebBytes & 0xFF_FFFF;
        e1b = e1bBytes & 0xFF_FFFF;
        return this;
    }

    /**
     * Whether every piece of this super-segment carries CWR, if it is set: true where AE, CWR and ECE are a counter (RFC 9768 section
     * 3.2.2), false where CWR is the signal of RFC 3168 section 6.1.2, which belongs on the first piece alone.
     */
    public boolean repeatsCwr() {
        return repeatsCwr;
    }

    public TcpSegment repeatsCwr(boolean value) {
        repeatsCwr = value;
        return this;
    }

    /** The payload, owned by the segment. */
    public ByteBuf payload() {
        return payload;
    }

    public int payloadLength() {
        return payload.readableBytes();
    }

    /** Replaces the payload and takes ownership of the new one; the old one passes to the caller unreleased. */
    public TcpSegment payload(ByteBuf newPayload) {
        payload = newPayload;
        return this;
    }

    /** Gives the payload to the caller and leaves the segment without one. */
    public ByteBuf takePayload() {
        ByteBuf taken = payload;
        payload = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    /** Payload bytes at which the link cuts this super-segment, or 0 if the segment goes out as it is. */
    public int segmentSize() {
        return segmentSize;
    }

    public TcpSegment segmentSize(int bytes) {
        segmentSize = bytes;
        return this;
    }

    /** SEG.LEN (RFC 9293 section 3.3.1): payload bytes, plus one each for SYN and FIN. */
    public int sequenceLength() {
        return payloadLength() + (flags & TcpFlags.FIN) + ((flags & TcpFlags.SYN) >> 1);
    }

    /** Makes every option absent. */
    TcpSegment clearOptions() {
        mss = ABSENT;
        windowScale = ABSENT;
        sackPermitted = false;
        sackBlockCount = 0;
        fastOpenCookie = null;
        fastOpenExperimental = false;
        userTimeout = ABSENT;
        ecnFields = ABSENT;
        return clearTimestamps();
    }

    /** Copies addresses, ports, traffic class, numbers, flags and options, not the payload and not {@link #segmentSize()}. */
    public TcpSegment copyHeader(TcpSegment from) {
        source = from.source;
        destination = from.destination;
        sourcePort = from.sourcePort;
        destinationPort = from.destinationPort;
        sourceUdpPort = from.sourceUdpPort;
        destinationUdpPort = from.destinationUdpPort;
        trafficClass = from.trafficClass;
        seq = from.seq;
        ack = from.ack;
        flags = from.flags;
        window = from.window;
        urgentPointer = from.urgentPointer;
        mss = from.mss;
        windowScale = from.windowScale;
        sackPermitted = from.sackPermitted;
        sackBlockCount = from.sackBlockCount;
        sackEdges = from.sackBlockCount == 0 ? null : from.sackEdges.clone();
        timestamps = from.timestamps;
        tsVal = from.tsVal;
        tsEcr = from.tsEcr;
        fastOpenCookie = from.fastOpenCookie;
        fastOpenExperimental = from.fastOpenExperimental;
        userTimeout = from.userTimeout;
        ecnOption(from.e1bFirst, from.ecnFields).ecnCounters(from.e0b, from.ceb, from.e1b);
        repeatsCwr = from.repeatsCwr;
        return this;
    }

    /** True if both segments carry the same options with the same values. */
    public boolean sameOptions(TcpSegment other) {
        return timestamps == other.timestamps && tsVal == other.tsVal && tsEcr == other.tsEcr
            && mss == other.mss && windowScale == other.windowScale && sackPermitted == other.sackPermitted
            && userTimeout == other.userTimeout && sameEcnOption(other) && sameSackBlocks(other)
            && fastOpenExperimental == other.fastOpenExperimental && Arrays.equals(fastOpenCookie, other.fastOpenCookie);
    }

    private boolean sameEcnOption(TcpSegment other) {
        return ecnFields == other.ecnFields && (ecnFields <= 0 || e1bFirst == other.e1bFirst)
            && e0b() == other.e0b() && ceb() == other.ceb() && e1b() == other.e1b();
    }

    private boolean sameSackBlocks(TcpSegment other) {
        if (sackBlockCount != other.sackBlockCount) {
            return false;
        }
        for (int i = 0; i < 2 * sackBlockCount; i++) {
            if (sackEdges[i] != other.sackEdges[i]) {
                return false;
            }
        }
        return true;
    }

    private int checkBlock(int block) {
        if (block < 0 || block >= sackBlockCount) {
            throw new IndexOutOfBoundsException("SACK block " + block + " of " + sackBlockCount);
        }
        return block;
    }

    @Override
    public int refCnt() {
        return payload.refCnt();
    }

    @Override
    public TcpSegment retain() {
        payload.retain();
        return this;
    }

    @Override
    public TcpSegment retain(int increment) {
        payload.retain(increment);
        return this;
    }

    @Override
    public TcpSegment touch() {
        payload.touch();
        return this;
    }

    @Override
    public TcpSegment touch(Object hint) {
        payload.touch(hint);
        return this;
    }

    @Override
    public boolean release() {
        return payload.release();
    }

    @Override
    public boolean release(int decrement) {
        return payload.release(decrement);
    }

    /**
     * Packetdrill text: the ECN field in brackets if it is not 0, flags, sequence range, {@code ack}, {@code win}, {@code urg}, options.
     * Addresses are not part of it.
     */
    @Override
    public String toString() {
        return TcpSegmentText.format(this);
    }
}
