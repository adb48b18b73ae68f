package io.github.usertcp.testsuite.benchmark.tun;

/** What is measured, in the words of the table. */
enum Figure {
    DOWNLOAD("bulk, server to client, MB/s"),
    UPLOAD("bulk, client to server, MB/s"),
    DOWNLOAD_PACKETS("packets of 1448 B of data, server to client, 1000/s"),
    UPLOAD_PACKETS("packets of 1448 B of data, client to server, 1000/s"),
    PING_PONG("64 B ping-pong, median, us");

    private final String title;

    Figure(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
