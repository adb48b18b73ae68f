package io.github.usertcp.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Packets read as a {@link TunChannel} reads them, into one {@link PacketSlab}, but from a pipe instead of a device. Native transports needed. */
public final class SlabReads implements AutoCloseable {
    private final PacketSlab slab;
    private final ByteBufAllocator alloc;
    private final FileDescriptor[] pipe;

    /** Of packets of at most so many bytes, fewer than a pipe takes. */
    public SlabReads(int maxPacket, ByteBufAllocator alloc) throws IOException {
        slab = new PacketSlab(maxPacket);
        this.alloc = alloc;
        pipe = FileDescriptor.pipe();
    }

    /** The packet with those bytes, the caller's. */
    public ByteBuf read(byte[] packet) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(packet.length).put(packet).flip();
        if (pipe[1].write(bytes, 0, packet.length) != packet.length) {
            throw new IOException("the pipe is full");
        }
        return slab.read(pipe[0], alloc);
    }

    @Override
    public void close() throws IOException {
        slab.release();
        pipe[0].close();
        pipe[1].close();
    }
}
