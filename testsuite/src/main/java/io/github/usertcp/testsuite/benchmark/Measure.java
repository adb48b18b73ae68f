package io.github.usertcp.testsuite.benchmark;

/** A line of the result table, in the order they appear there. */
enum Measure {
    BULK_GOODPUT("bulk goodput, 64 KiB writes", "MB/s"),
    BULK_ALLOCATED("heap allocated by bulk, both ends", "B/MB"),
    PING_PONG_P50("64 B ping-pong, median", "us"),
    PING_PONG_P99("64 B ping-pong, 99th percentile", "us"),
    CONNECTS("connect + 1 byte echo + close, 64 at a time", "/s"),
    MANY_MESSAGES("1 KiB echo over 1,000 connections", "/s");

    private final String title;
    private final String unit;

    Measure(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }
}
