package io.github.usertcp.examples;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * Bytes to download: as many as wanted, made while they are sent. Every chunk starts with its own offset, so that no two are equal and a
 * digest notices one that is lost, doubled or out of place.
 */
final class Content implements ChunkedInput<ByteBuf> {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final byte[] PATTERN = new byte[CHUNK_BYTES];

    static {
        new SplittableRandom(9293).nextBytes(PATTERN);
    }

    private final long size;
    private long offset;

    Content(long size) {
        this.size = size;
    }

    /** The value of a {@code Repr-Digest} header (RFC 9530 section 3) for SHA-256. */
    static String reprDigest(MessageDigest sha256) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256.digest()) + ":";
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** The digest of as much content as is left. */
    String reprDigest() {
        MessageDigest sha256 = sha256();
        for (Content copy = new Content(size); !copy.isEndOfInput(); ) {
            ByteBuf chunk = copy.readChunk(ByteBufAllocator.DEFAULT);
            sha256.update(chunk.nioBuffer());
            chunk.release();
        }
        return reprDigest(sha256);
    }

    @Override
    public boolean isEndOfInput() {
        return offset == size;
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        int length = (int) Math.min(CHUNK_BYTES, size - offset);
        ByteBuf chunk = allocator.directBuffer(CHUNK_BYTES).writeBytes(PATTERN).setLong(0, offset).writerIndex(length);
        offset += length;
        return chunk;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface wants it still
    public ByteBuf readChunk(ChannelHandlerContext ctx) {
        return readChunk(ctx.alloc());
    }

    @Override
    public long length() {
        return size;
    }

    @Override
    public long progress() {
        return offset;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
