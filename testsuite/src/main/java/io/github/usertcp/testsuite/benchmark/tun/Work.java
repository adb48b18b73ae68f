package io.github.usertcp.testsuite.benchmark.tun;

import java.util.function.ObjDoubleConsumer;

/** What a client does with its connection. */
enum Work {
    DOWNLOAD("download", 'D') {
        @Override
        void report(double megabytesPerSecond, ObjDoubleConsumer<Figure> results) {
            results.accept(Figure.DOWNLOAD, megabytesPerSecond);
            results.accept(Figure.DOWNLOAD_PACKETS, thousandPackets(megabytesPerSecond));
        }
    },
    UPLOAD("upload", 'U') {
        @Override
        void report(double megabytesPerSecond, ObjDoubleConsumer<Figure> results) {
            results.accept(Figure.UPLOAD, megabytesPerSecond);
            results.accept(Figure.UPLOAD_PACKETS, thousandPackets(megabytesPerSecond));
        }
    },
    PING_PONG("pingpong", 'P') {
        @Override
        void report(double micros, ObjDoubleConsumer<Figure> results) {
            results.accept(Figure.PING_PONG, micros);
        }
    };

    /** What a packet of 1500 bytes carries, between headers of 20 bytes each and the timestamps option of 12. */
    static final int PAYLOAD_BYTES = 1500 - 20 - 20 - 12;

    /** A server that is sent data answers a byte for as many, so that what counts has arrived, and not only left. */
    static final int UNIT = 256 << 10;

    private final String word;
    private final char letter;

    Work(String word, char letter) {
        this.word = word;
        this.letter = letter;
    }

    /** For {@code --only}. */
    String word() {
        return word;
    }

    /** The first byte on a connection: with it a client tells the server what to do. */
    char letter() {
        return letter;
    }

    /** Makes figures of what a client has measured: MB/s, or microseconds. */
    abstract void report(double measured, ObjDoubleConsumer<Figure> results);

    private static double thousandPackets(double megabytesPerSecond) {
        return megabytesPerSecond * 1e3 / PAYLOAD_BYTES;
    }
}
