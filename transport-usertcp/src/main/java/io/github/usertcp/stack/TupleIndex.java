package io.github.usertcp.stack;

import java.util.Arrays;

/**
 * Finds the row of a table by a connection's key. The rows hold the keys; this holds hashes and row numbers only, in one array with open
 * addressing.
 *
 * <p>Robin Hood hashing (Celis, 1986): an entry that is further from its home slot takes the place of one that is nearer, which keeps
 * the longest probe short even at three quarters full, and lets a failing search stop early. Removal shifts the entries behind back by
 * one; there are no tombstones to slow down a table through which many short connections have gone.
 */
final class TupleIndex {
    /** The table whose rows are indexed. */
    interface Rows {
        boolean holds(int row, TupleKey key);
    }

    static final int NONE = -1;
    private static final int MIN_SLOTS = 64;
    private static final long EMPTY = 0;

    private final Rows rows;
    /** Hash in the upper half, row + 1 in the lower. */
    private long[] slots = new long[MIN_SLOTS];
    private int size;

    TupleIndex(Rows rows) {
        this.rows = rows;
    }

    int size() {
        return size;
    }

    /** The row with that key, or {@link #NONE}. Allocates nothing. */
    int find(TupleKey key) {
        int hash = key.hash();
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (int distance = 0;; distance++) {
            long entry = slots[slot];
            if (entry == EMPTY || distance(entry, slot) < distance) {
                return NONE;
            }
            if (hash(entry) == hash && rows.holds(row(entry), key)) {
                return row(entry);
            }
            slot = slot + 1 & mask;
        }
    }

    /** Adds a row whose key is not in the index yet. */
    void add(int hash, int row) {
        if (++size > slots.length / 4 * 3) {
            resize(2 * slots.length);
        }
        insert((long) hash << 32 | row + 1);
    }

    /** Removes a row that was added with that hash. */
    void remove(int hash, int row) {
        long wanted = (long) hash << 32 | row + 1;
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != wanted) {
            if (slots[slot] == EMPTY) {
                throw new IllegalStateException("row " + row + " is not in the index");
            }
            slot = slot + 1 & mask;
        }
        int next = slot + 1 & mask;
        while (slots[next] != EMPTY && distance(slots[next], next) > 0) {
            slots[slot] = slots[next];
            slot = next;
            next = next + 1 & mask;
        }
        slots[slot] = EMPTY;
        size--;
        if (slots.length > MIN_SLOTS && size < slots.length / 8) {
            resize(slots.length / 2);
        }
    }

    void clear() {
        slots = new long[MIN_SLOTS];
        size = 0;
    }

    /** The longest way any entry is from its home slot, plus one. */
    int longestProbe() {
        int longest = 0;
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] != EMPTY) {
                longest = Math.max(longest, distance(slots[slot], slot) + 1);
            }
        }
        return longest;
    }

    private void resize(int newLength) {
        long[] old = slots;
        slots = new long[newLength];
        Arrays.stream(old).filter(entry -> entry != EMPTY).forEach(this::insert);
    }

    private void insert(long newEntry) {
        long entry = newEntry;
        int mask = slots.length - 1;
        int slot = hash(entry) & mask;
        int distance = 0;
        while (slots[slot] != EMPTY) {
            int theirs = distance(slots[slot], slot);
            if (theirs < distance) {
                long displaced = slots[slot];
                slots[slot] = entry;
                entry = displaced;
                distance = theirs;
            }
            slot = slot + 1 & mask;
            distance++;
        }
        slots[slot] = entry;
    }

    private int distance(long entry, int slot) {
        return slot - hash(entry) & slots.length - 1;
    }

    private static int hash(long entry) {
        return (int) (entry >>> 32);
    }

    private static int row(long entry) {
        return (int) entry - 1;
    }
}
