package io.github.usertcp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;

/**
 * The payloads of consecutive segments, joined into one buffer. Two ways:
 *
 * <p><em>In place.</em> A UDP_GRO read gives one buffer with many datagrams in a row, each a slice of it. When nobody else reads
 * that memory, the next payload is moved down behind the previous one, over the header between them, and the result is a single
 * slice, contiguous and without an object per datagram:
 *
 * <pre>
 *   root    [hdr][payload 1][hdr][payload 2][hdr][payload 3]
 *                start      end                             before the second piece
 *                [payload 1][payload 2][payload 3]
 *                start                           end        after the third
 * </pre>
 *
 * <p><em>Composite.</em> Everywhere else the payloads become components of a {@link CompositeByteBuf}, uncopied.
 */
final class PayloadRun {
    /**
     * What one UDP_SEGMENT send may hold on kernels before 6.9; it also bounds the memory that tiny payloads of large buffers
     * keep alive.
     */
    private static final int MAX_COMPONENTS = 64;

    private final boolean exclusiveMemory;

    /** Holds the first payload, and with it all memory that {@link #root} shares; a reference of ours. Null when there is no run. */
    private ByteBuf first;
    /** The buffer that start and end count in: {@link #first}, or what it was cut from once a second payload has been joined in place. */
    private ByteBuf root;
    private int start;
    private int end;
    private CompositeByteBuf composite;

    PayloadRun(boolean exclusiveMemory) {
        this.exclusiveMemory = exclusiveMemory;
    }

    /** Begins a run with a part of a buffer, whose reference passes to the run. */
    void begin(ByteBuf holder, int index, int length) {
        first = holder;
        root = holder;
        start = index;
        end = index + length;
    }

    /**
     * Appends a part of a buffer.
     *
     * @return true if it did, and the reference passed to the run; false if the run is full
     */
    boolean append(ByteBuf holder, int index, int length) {
        if (composite == null) {
            if (exclusiveMemory && appendInPlace(holder, index, length)) {
                holder.release();
                return true;
            }
            composite = holder.alloc().compositeBuffer(MAX_COMPONENTS).addComponent(true, joined());
        }
        if (composite.numComponents() == MAX_COMPONENTS) {
            return false;
        }
        composite.addComponent(true, holder.setIndex(index, index + length));
        return true;
    }

    /** Ends the run and gives its payload to the caller. */
    ByteBuf take() {
        ByteBuf payload = composite == null ? joined() : composite;
        first = null;
        root = null;
        composite = null;
        return payload;
    }

    private ByteBuf joined() {
        if (root == first) {
            return first.setIndex(start, end);
        }
        ByteBuf payload = root.retainedSlice(start, end - start);
        first.release();
        return payload;
    }

    private boolean appendInPlace(ByteBuf holder, int index, int length) {
        ByteBuf shared = rootOf(holder);
        if (shared == null || shared != (root == first ? rootOf(first) : root)) {
            return false;
        }
        int from = indexInRoot(shared, holder, index);
        int offset = root == first ? indexInRoot(shared, first, 0) : 0;
        if (from < 0 || offset < 0 || from < end + offset || from + length > shared.capacity()) {
            return false;
        }
        root = shared;
        start += offset;
        end += offset;
        if (from > end) {
            // The regions may overlap: every kind of buffer moves memory within itself as memmove does.
            shared.setBytes(end, shared, from, length);
        }
        end += length;
        return true;
    }

    /**
     * The buffer that a slice was cut from, or null. A slice that is more than one step away from its memory is wrapped in
     * something, a leak detector for instance, and a slice made behind the back of that would spoil its bookkeeping.
     */
    private static ByteBuf rootOf(ByteBuf slice) {
        ByteBuf parent = slice.unwrap();
        return parent == null || parent.unwrap() != null || slice.isReadOnly() ? null : parent;
    }

    /** Where a byte of a slice lies in the buffer it was cut from, or -1 if that cannot be told. */
    private static int indexInRoot(ByteBuf root, ByteBuf slice, int index) {
        long offset = -1;
        if (root.hasMemoryAddress() && slice.hasMemoryAddress()) {
            offset = slice.memoryAddress() - root.memoryAddress();
        } else if (root.hasArray() && slice.hasArray() && root.array() == slice.array()) {
            offset = slice.arrayOffset() - root.arrayOffset();
        }
        return offset < 0 || offset > root.capacity() - index ? -1 : (int) offset + index;
    }
}
