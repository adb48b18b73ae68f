package io.github.usertcp.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a search has to tell to other connections. */
@Tag("RFC4821-5.2")
class MtuSearchTest {
    private final MtuSearch search = new MtuSearch();

    @Test
    void aFailedProbeDropsNoNews() {
        search.start(1064, 1500, 0);
        search.acknowledged(10);
        search.lower(600);
        search.sent(1050, 10, 1000);
        assertTrue(search.failed(10));
        assertTrue(search.hasNews());
        assertEquals(new MtuRange(600, 1049, 1500, 0), search.takeNews());
        assertFalse(search.hasNews());
    }

    @Test
    void onlyWhatWasLostBoundsOthers() {
        search.start(1064, 1500, 0);
        assertEquals(new MtuRange(1064, Integer.MAX_VALUE, 1500, 0), search.takeNews());
        search.limit(1300);
        assertEquals(new MtuRange(1064, 1300, 1500, 0), search.takeNews());
    }

    @Test
    void whoTakesOnlySmallPacketsSaysSo() {
        search.start(1064, 1070, 0);
        MtuRange told = search.takeNews();
        assertEquals(new MtuRange(1070, Integer.MAX_VALUE, 1070, 0), told);
        assertTrue(told.isEverything());
    }
}
