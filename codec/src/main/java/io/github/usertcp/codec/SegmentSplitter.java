package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * Cuts a super-segment into the segments that go on the wire, as a network card's segmentation offload does. Every piece but the
 * last carries {@link TcpSegment#segmentSize()} bytes of payload, and all of them the same acknowledgment, window and options.
 * What belongs to one end of the payload stays there: FIN and PSH go with the last piece, CWR with the first (RFC 3168 section
 * 6.1.2 sets it once; but see {@link TcpSegment#repeatsCwr()}), and the urgent pointer keeps pointing at the same byte.
 *
 * <p>A segment that fits into one piece, whose segment size is 0, or that carries SYN or RST, is never cut.
 *
 * <p>For a link that sends by GSO (UDP_SEGMENT), {@link #writeTrain} lays all pieces into one buffer, header, payload, header,
 * payload, ..., each piece {@link #pieceLength} bytes long and only the last one shorter. Writing leaves the segment to the caller.
 *
 * <p>{@link #writePieces} writes any run of pieces so, one of them for a link that sends datagram by datagram. {@link #split}
 * makes a {@link TcpSegment} of each piece, without copying payload.
 */
public final class SegmentSplitter {
    private SegmentSplitter() {
    }

    /** The number of pieces the segment is cut into, at least 1. */
    public static int pieceCount(TcpSegment segment) {
        int payloadPerPiece = payloadPerPiece(segment);
        return payloadPerPiece == 0 ? 1 : (segment.payloadLength() + payloadPerPiece - 1) / payloadPerPiece;
    }

    /** Bytes of each piece but the last, header and payload; of the only one, if there is one. */
    public static int pieceLength(TcpSegment segment) {
        return TcpHeaderWriter.headerLength(segment) + payloadPerPiece(segment);
    }

    /** Bytes of all pieces together: the payload, and one header for each piece. */
    public static int trainLength(TcpSegment segment) {
        return segment.payloadLength() + pieceCount(segment) * TcpHeaderWriter.headerLength(segment);
    }

    /**
     * Cuts a segment into segments whose payloads are retained slices of its own, and hands them over in order. Takes ownership
     * of the segment; one that is not cut is handed over itself.
     */
    public static void split(TcpSegment segment, Consumer<? super TcpSegment> output) {
        int pieces = pieceCount(segment);
        if (pieces == 1) {
            output.accept(segment.segmentSize(0));
            return;
        }
        try {
            ByteBuf payload = segment.payload();
            int size = segment.segmentSize();
            for (int i = 0; i < pieces; i++) {
                int offset = i * size;
                int length = Math.min(size, payload.readableBytes() - offset);
                TcpSegment piece = new TcpSegment().copyHeader(segment).seq(segment.seq() + offset)
                    .flags(pieceFlags(segment, offset, i == pieces - 1)).urgentPointer(pieceUrgentPointer(segment, offset));
                output.accept(piece.payload(payload.retainedSlice(payload.readerIndex() + offset, length)));
            }
        } finally {
            segment.release();
        }
    }

    /** Writes all pieces; see {@link #writePieces}. */
    public static void writeTrain(TcpSegment segment, ByteBuf out, boolean checksum) {
        writePieces(segment, 0, pieceCount(segment), out, checksum);
    }

    /**
     * Appends some of the pieces of a segment, header and payload of one after the other, at the writer index of {@code out}. The
     * payload is copied, the only copy between the application's buffers and the socket. The segment stays the caller's and as it
     * was.
     *
     * @param first     the first piece to write, from 0
     * @param count     how many to write
     * @param checksum  true to fill in the TCP checksum, for which the addresses must be set; false to leave it 0
     * @throws IndexOutOfBoundsException  if the segment has no such pieces
     */
    public static void writePieces(TcpSegment segment, int first, int count, ByteBuf out, boolean checksum) {
        int pieces = pieceCount(segment);
        if (first < 0 || count < 1 || first > pieces - count) {
            throw new IndexOutOfBoundsException("pieces " + first + " to " + (first + count) + " of " + pieces);
        }
        ByteBuf payload = segment.payload();
        int size = payloadPerPiece(segment);
        int headerLength = TcpHeaderWriter.headerLength(segment);
        int template = out.writerIndex();
        out.ensureWritable(count * headerLength + Math.min(count * size, payload.readableBytes() - first * size));
        for (int i = first; i < first + count; i++) {
            int offset = i * size;
            int length = Math.min(size, payload.readableBytes() - offset);
            int start = out.writerIndex();
            if (i == first) {
                TcpHeaderWriter.write(segment, out, start);
            } else {
                out.setBytes(start, out, template, headerLength);
            }
            if (pieces > 1) {
                patch(segment, offset, i == pieces - 1, out, start, headerLength);
            }
            out.setBytes(start + headerLength, payload, payload.readerIndex() + offset, length);
            out.writerIndex(start + headerLength + length);
            if (checksum) {
                TcpChecksum.fill(out, start, headerLength + length, segment.source(), segment.destination());
            }
        }
    }

    private static void patch(TcpSegment segment, int offset, boolean last, ByteBuf out, int header, int headerLength) {
        out.setInt(header + TcpHeader.SEQ, segment.seq() + offset);
        out.setShort(header + TcpHeader.OFFSET_AND_FLAGS, TcpHeaderWriter.offsetAndFlags(headerLength, pieceFlags(segment, offset, last)));
        out.setInt(header + TcpHeader.CHECKSUM, pieceUrgentPointer(segment, offset));
    }

    private static int payloadPerPiece(TcpSegment segment) {
        boolean whole = segment.segmentSize() <= 0 || (segment.flags() & (TcpFlags.SYN | TcpFlags.RST)) != 0;
        return whole ? segment.payloadLength() : Math.min(segment.segmentSize(), segment.payloadLength());
    }

    private static int pieceFlags(TcpSegment segment, int offset, boolean last) {
        int flags = segment.flags();
        if (!last) {
            flags &= ~(TcpFlags.FIN | TcpFlags.PSH);
        }
        if (offset > 0 && !segment.repeatsCwr()) {
            flags &= ~TcpFlags.CWR;
        }
        return segment.urgentPointer() > offset || offset == 0 ? flags : flags & ~TcpFlags.URG;
    }

    private static int pieceUrgentPointer(TcpSegment segment, int offset) {
        return Math.max(0, segment.urgentPointer() - offset);
    }
}
