package io.github.usertcp.examples;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.stream.ChunkedInput;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * Bytes to download: as many as wanted, made while they are sent, and behind them their digest as a trailer. Every chunk starts with its
 * own offset, so that no two are equal and the digest notices one that is lost, doubled or out of place.
 */
final class Content implements ChunkedInput<HttpContent> {
    /** RFC 9530 section 3. */
    static final String DIGEST_TRAILER = "repr-digest";

    private static final int CHUNK_BYTES = 64 * 1024;
    private static final byte[] PATTERN = new byte[CHUNK_BYTES];

    static {
        new SplittableRandom(9293).nextBytes(PATTERN);
    }

    private final MessageDigest sha256 = sha256();
    private final long size;
    private long offset;
    private boolean ended;

    Content(long size) {
        this.size = size;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** The trailer's value. */
    static String reprDigest(MessageDigest sha256) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256.digest()) + ":";
    }

    @Override
    public HttpContent readChunk(ByteBufAllocator allocator) {
        if (offset == size) {
            ended = true;
            DefaultLastHttpContent last = new DefaultLastHttpContent();
            last.trailingHeaders().set(DIGEST_TRAILER, reprDigest(sha256));
            return last;
        }
        int length = (int) Math.min(CHUNK_BYTES, size - offset);
        ByteBuf chunk = allocator.directBuffer(CHUNK_BYTES).writeBytes(PATTERN).setLong(0, offset).writerIndex(length);
        sha256.update(chunk.nioBuffer());
        offset += length;
        return new DefaultHttpContent(chunk);
    }

    @Override
    @SuppressWarnings("deprecation") // the interface wants it still
    public HttpContent readChunk(ChannelHandlerContext ctx) {
        return readChunk(ctx.alloc());
    }

    @Override
    public boolean isEndOfInput() {
        return ended;
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
