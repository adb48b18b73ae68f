package io.github.usertcp.tcp;

import java.util.Arrays;

/**
 * Sorted, disjoint ranges, with a cursor. The idea: a sorted array, cut into pages so small that ranges added at places chosen for it make
 * us move little (CVE-2019-11478); a tree of two levels.
 * <pre>
 *   pages   [ 10-20 30-40 50-60 ] [ 70-80 90-95 ] [ 200-210 ... ]        each of 1 to 64 ranges, two neighbours of more than 32
 *                   ^ cursor
 * </pre>
 * A search is O(log ranges) and leaves the cursor where it ended. Who asks for the same place again, or walks along the ranges, needs no
 * other. Nothing is allocated before the first range, and pages are used again.
 *
 * <p>Where the cursor goes is no state of its own: it is put at a place before it is used there, and only saves searches.
 */
abstract class PagedRanges {
    /** Room that a loss episode made larger than this is let go when the last range is gone, so that idle connections are small. */
    private static final int MAX_IDLE_RANGES = 16;
    /** Two neighbouring pages with no more than this become one: half a page, so that the next range does not split it again. */
    private static final int MERGED = RangePage.CAPACITY / 2;
    private static final RangePage[] NO_PAGES = {};

    /** Those from {@link #pageCount} on are spare ones, or null. */
    private RangePage[] pages = NO_PAGES;
    private int pageCount;
    private int size;
    private long bytes;
    /** The cursor is at a range, or, if {@code page == pageCount}, past the last. */
    private int page;
    private int slot;
    private int searches;

    final boolean isEmpty() {
        return size == 0;
    }

    final int size() {
        return size;
    }

    /** Sequence numbers in all ranges together. */
    final long bytes() {
        return bytes;
    }

    /** How often a place was looked for that was not at the cursor; wraps. */
    final int searches() {
        return searches;
    }

    /** Start of the first range; only while there is one. */
    final long firstStart() {
        return pages[0].start(0);
    }

    final long firstEnd() {
        return pages[0].end(0);
    }

    final void clear() {
        if (pages.length > 1 || pages.length == 1 && pages[0].capacity() > MAX_IDLE_RANGES) {
            pages = NO_PAGES;
        } else if (pages.length == 1) {
            pages[0].clear();
        }
        pageCount = 0;
        size = 0;
        bytes = 0;
        page = 0;
        slot = 0;
    }

    // ---- the cursor

    /** To the first range that ends beyond {@code sequence}. */
    final void seek(long sequence) {
        // Who walks along the ranges, or adds one that touches another, asks for a neighbour.
        if (!isPastLast() && end() <= sequence) {
            next();
        } else if (!isFirst() && endBefore() > sequence) {
            previous();
        }
        if ((isPastLast() || end() > sequence) && (isFirst() || endBefore() <= sequence)) {
            return;
        }
        searches++;
        int low = 0;
        int high = pageCount;
        while (low < high) {
            int middle = low + high >>> 1;
            if (pages[middle].lastEnd() > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        page = low;
        slot = low < pageCount ? pages[low].firstEndingAfter(sequence) : 0;
    }

    private boolean isFirst() {
        return page == 0 && slot == 0;
    }

    /** End of the range before the cursor. */
    private long endBefore() {
        return slot > 0 ? pages[page].end(slot - 1) : pages[page - 1].lastEnd();
    }

    final void seekPastLast() {
        page = pageCount;
        slot = 0;
    }

    final boolean isPastLast() {
        return page == pageCount;
    }

    final void next() {
        slot++;
        if (slot == pages[page].size()) {
            page++;
            slot = 0;
        }
    }

    /** Back by one; only while it is not at the first. */
    final void previous() {
        if (slot == 0) {
            page--;
            slot = pages[page].size();
        }
        slot--;
    }

    /** Start of the range at the cursor. */
    final long start() {
        return pages[page].start(slot);
    }

    final long end() {
        return pages[page].end(slot);
    }

    // ---- changing what is at the cursor

    final void set(long start, long end) {
        bytes += end - start - (end() - start());
        pages[page].set(slot, start, end);
    }

    /** Before the range at the cursor, which is then at the new one. */
    final void insert(long start, long end) {
        if (pageCount == 0) {
            openPage(0);
        } else if (isPastLast()) {
            page--;
            slot = pages[page].size();
        }
        if (pages[page].isFull()) {
            split();
        }
        pages[page].insert(slot, start, end);
        size++;
        bytes += end - start;
    }

    /**
     * Deletes the ranges from the cursor on that start at {@code limit} or before. The cursor is then at the first that does not.
     *
     * @return where the last of them ended, {@code limit} if there was none
     */
    final long deleteStartingUpTo(long limit) {
        long end = limit;
        int before = size;
        while (!isPastLast() && start() <= limit) {
            RangePage here = pages[page];
            int stop = slot;
            while (stop < here.size() && here.start(stop) <= limit) {
                end = here.end(stop);
                bytes -= end - here.start(stop);
                stop++;
            }
            size -= stop - slot;
            here.delete(slot, stop);
            if (here.size() == 0) {
                closePage(page);
            } else if (slot == here.size()) {
                page++;
                slot = 0;
            }
        }
        if (size == 0) {
            clear();
        } else if (size < before) {
            mergePages();
        }
        return end;
    }

    // ---- pages

    private void split() {
        openPage(page + 1);
        pages[page].moveTo(pages[page + 1], RangePage.CAPACITY / 2);
        if (slot > RangePage.CAPACITY / 2) {
            page++;
            slot -= RangePage.CAPACITY / 2;
        }
    }

    /** After ranges before the cursor have gone: of its page and the pages around, those that fit together. */
    private void mergePages() {
        int last = page;
        for (int left = last; left >= Math.max(0, last - 2); left--) {
            int right = left + 1;
            if (right < pageCount && pages[left].size() + pages[right].size() <= MERGED) {
                if (page == right) {
                    slot += pages[left].size();
                }
                if (page >= right) {
                    page--;
                }
                pages[right].moveTo(pages[left], 0);
                closePage(right);
            }
        }
    }

    private void openPage(int index) {
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, Math.max(1, 2 * pageCount));
        }
        RangePage opened = pages[pageCount] == null ? new RangePage() : pages[pageCount];
        System.arraycopy(pages, index, pages, index + 1, pageCount - index);
        pages[index] = opened;
        pageCount++;
    }

    /** The page is empty, and a spare one from now on. */
    private void closePage(int index) {
        RangePage closed = pages[index];
        pageCount--;
        System.arraycopy(pages, index + 1, pages, index, pageCount - index);
        pages[pageCount] = closed;
    }

    final void checkInvariants(long low, long high) {
        long previous = low - 1;
        long sum = 0;
        int ranges = 0;
        for (int at = 0; at < pageCount; at++) {
            int count = pages[at].size();
            assert count > 0 && count <= RangePage.CAPACITY : "page " + at + " has " + count + " ranges";
            assert at == 0 || pages[at - 1].size() + count > MERGED : "pages " + (at - 1) + " and " + at + " should be one";
            for (int i = 0; i < count; i++) {
                long start = pages[at].start(i);
                assert start > previous : "range " + ranges + " starts at " + start + ", its predecessor ended at " + previous;
                previous = pages[at].end(i);
                assert previous > start : "range " + ranges + " is empty: " + start + " to " + previous;
                sum += previous - start;
                ranges++;
            }
        }
        assert ranges == size : ranges + " ranges, counter says " + size;
        assert size == 0 || previous <= high : "ranges end at " + previous + " beyond " + high;
        assert sum == bytes : "ranges sum to " + sum + ", counter says " + bytes;
        assert page == pageCount ? slot == 0 : page < pageCount && slot < pages[page].size() : "cursor at " + slot + " of page " + page;
    }
}
