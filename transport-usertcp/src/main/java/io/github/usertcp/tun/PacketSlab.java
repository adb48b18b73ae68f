package io.github.usertcp.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Memory into which packets are read one behind the other, each handed out as a slice, as a UDP_GRO read has them: payloads that
 * follow each other can then be moved together in it, and a small packet does not occupy memory for the largest. A slab that is
 * used up is left to its slices; one that no slice is left of is used from the start again.
 */
final class PacketSlab {
    /** With room for two of the largest packets, so that half of it is not left unused behind a small one. */
    private static final int MIN_BYTES = 128 * 1024;

    private final int maxPacket;
    private ByteBuf slab;

    PacketSlab(int maxPacket) {
        this.maxPacket = maxPacket;
    }

    /** Reads one packet, the caller's, or null if there is none. */
    ByteBuf read(FileDescriptor fd, ByteBufAllocator alloc) throws IOException {
        if (slab != null && slab.refCnt() == 1) {
            slab.clear();
        }
        if (slab != null && slab.writableBytes() < maxPacket) {
            release();
        }
        if (slab == null) {
            slab = alloc.directBuffer(Math.max(MIN_BYTES, 2 * maxPacket));
        }
        int start = slab.writerIndex();
        int length = read(fd, start);
        if (length <= 0) {
            return null; // nothing there; the kernel knows no end of a device, deleting one is an error
        }
        slab.writerIndex(start + length);
        return slab.retainedSlice(start, length);
    }

    private int read(FileDescriptor fd, int start) throws IOException {
        if (slab.hasMemoryAddress()) {
            return fd.readAddress(slab.memoryAddress(), start, start + maxPacket);
        }
        ByteBuffer memory = slab.internalNioBuffer(start, maxPacket);
        return fd.read(memory, memory.position(), memory.limit());
    }

    void release() {
        if (slab != null) {
            slab.release();
            slab = null;
        }
    }
}
