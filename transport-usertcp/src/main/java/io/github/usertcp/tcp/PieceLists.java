package io.github.usertcp.tcp;

import io.netty.buffer.ByteBuf;

/**
 * Doubly linked lists of buffers, all in one set of arrays: what a {@link ReassemblyQueue} holds in each of its ranges. A piece is
 * an index; {@link #NONE} is before the first and behind the last of a list. Joining two lists costs the same whatever their lengths.
 */
final class PieceLists {
    static final int NONE = -1;
    private static final int INITIAL_SLOTS = 4;
    /**
     * Memory of the objects and slots of one piece, roughly, beside its bytes: without it a million pieces of one byte would look like
     * one megabyte.
     */
    private static final int OVERHEAD_BYTES = 128;

    private ByteBuf[] buffers;
    private int[] charges;
    private int[] nexts;
    private int[] previouses;
    /** The first unused slot; unused ones are chained by {@code nexts}. */
    private int free = NONE;
    private long heldBytes;

    long heldBytes() {
        return heldBytes;
    }

    /** Pieces there is room for without growing. */
    int slots() {
        return buffers == null ? 0 : buffers.length;
    }

    /** Takes the buffer, as a list of its own. */
    int add(ByteBuf buffer) {
        if (free == NONE) {
            grow();
        }
        int piece = free;
        free = nexts[piece];
        buffers[piece] = buffer;
        charges[piece] = BufferMemory.heldBy(buffer) + OVERHEAD_BYTES;
        nexts[piece] = NONE;
        previouses[piece] = NONE;
        heldBytes += charges[piece];
        return piece;
    }

    /** Joins the end of one list to the start of another. */
    void unite(int last, int first) {
        nexts[last] = first;
        previouses[first] = last;
    }

    /** Takes a piece out of its list; the buffer is the caller's. */
    ByteBuf remove(int piece) {
        int next = nexts[piece];
        int previous = previouses[piece];
        if (next != NONE) {
            previouses[next] = previous;
        }
        if (previous != NONE) {
            nexts[previous] = next;
        }
        ByteBuf buffer = buffers[piece];
        heldBytes -= charges[piece];
        buffers[piece] = null;
        nexts[piece] = free;
        free = piece;
        return buffer;
    }

    ByteBuf buffer(int piece) {
        return buffers[piece];
    }

    int next(int piece) {
        return nexts[piece];
    }

    int previous(int piece) {
        return previouses[piece];
    }

    /** Lets go of the arrays. Every piece must have been removed. */
    void release() {
        buffers = null;
        charges = null;
        nexts = null;
        previouses = null;
        free = NONE;
    }

    private void grow() {
        int used = slots();
        int slots = Math.max(INITIAL_SLOTS, 2 * used);
        ByteBuf[] moreBuffers = new ByteBuf[slots];
        int[] moreCharges = new int[slots];
        int[] moreNexts = new int[slots];
        int[] morePreviouses = new int[slots];
        if (used > 0) {
            System.arraycopy(buffers, 0, moreBuffers, 0, used);
            System.arraycopy(charges, 0, moreCharges, 0, used);
            System.arraycopy(nexts, 0, moreNexts, 0, used);
            System.arraycopy(previouses, 0, morePreviouses, 0, used);
        }
        for (int slot = used; slot < slots; slot++) {
            moreNexts[slot] = slot + 1 < slots ? slot + 1 : NONE;
        }
        buffers = moreBuffers;
        charges = moreCharges;
        nexts = moreNexts;
        previouses = morePreviouses;
        free = used;
    }

    /** Bytes of the list from {@code first} to {@code last}, whose links and buffers are verified. */
    long checkList(int first, int last) {
        assert previouses[first] == NONE : "piece " + first + " is not the first of its list";
        long bytes = 0;
        int piece = first;
        for (int before = NONE; piece != NONE; before = piece, piece = nexts[piece]) {
            assert previouses[piece] == before : "piece " + piece + " follows " + before + " but points back to " + previouses[piece];
            assert buffers[piece].isReadable() : "piece " + piece + " is empty";
            assert nexts[piece] != NONE || piece == last : "the list ends with " + piece + ", not " + last;
            bytes += buffers[piece].readableBytes();
        }
        return bytes;
    }

    void checkInvariants() {
        long charged = 0;
        for (int slot = 0; slot < slots(); slot++) {
            charged += buffers[slot] == null ? 0 : charges[slot];
        }
        assert charged == heldBytes : "charges sum to " + charged + ", counter says " + heldBytes;
    }
}
