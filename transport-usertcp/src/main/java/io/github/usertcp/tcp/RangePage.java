package io.github.usertcp.tcp;

import java.util.Arrays;

/**
 * Some of the ranges of a {@link SequenceRanges}, in order. So few that moving those behind a new one costs about what finding its place
 * did, and in one array, where a start and its end are in one line of the cache.
 */
final class RangePage {
    /** A kilobyte. Twice or half as many made no difference that could be measured. */
    static final int CAPACITY = 64;

    private static final int INITIAL_CAPACITY = 4;

    /** Start and end of the first, start and end of the second, ... */
    private long[] edges = new long[2 * INITIAL_CAPACITY];
    private int size;

    int size() {
        return size;
    }

    int capacity() {
        return edges.length / 2;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    long start(int index) {
        return edges[2 * index];
    }

    long end(int index) {
        return edges[2 * index + 1];
    }

    long lastEnd() {
        return edges[2 * size - 1];
    }

    /** The first range that ends beyond {@code sequence}; {@link #size} if there is none. */
    int firstEndingAfter(long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (end(middle) > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    void set(int index, long start, long end) {
        edges[2 * index] = start;
        edges[2 * index + 1] = end;
    }

    /** Before the range {@code index}; only while it is not full. */
    void insert(int index, long start, long end) {
        if (2 * size == edges.length) {
            edges = Arrays.copyOf(edges, 2 * edges.length);
        }
        System.arraycopy(edges, 2 * index, edges, 2 * index + 2, 2 * (size - index));
        size++;
        set(index, start, end);
    }

    /** Those from {@code first} up to {@code end}, exclusive. */
    void delete(int first, int end) {
        System.arraycopy(edges, 2 * end, edges, 2 * first, 2 * (size - end));
        size -= end - first;
    }

    void clear() {
        size = 0;
    }

    /** Those from {@code first} on become the last of another. */
    void moveTo(RangePage other, int first) {
        int moved = size - first;
        int sum = other.size + moved;
        if (sum > other.capacity()) {
            other.edges = Arrays.copyOf(other.edges, 2 * Integer.highestOneBit(2 * sum - 1));
        }
        System.arraycopy(edges, 2 * first, other.edges, 2 * other.size, 2 * moved);
        other.size = sum;
        size = first;
    }
}
