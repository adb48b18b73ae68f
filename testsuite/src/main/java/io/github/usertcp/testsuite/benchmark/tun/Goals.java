package io.github.usertcp.testsuite.benchmark.tun;

import static io.github.usertcp.testsuite.benchmark.tun.Figure.DOWNLOAD;
import static io.github.usertcp.testsuite.benchmark.tun.Figure.DOWNLOAD_PACKETS;
import static io.github.usertcp.testsuite.benchmark.tun.Figure.PING_PONG;
import static io.github.usertcp.testsuite.benchmark.tun.Figure.UPLOAD;
import static io.github.usertcp.testsuite.benchmark.tun.Figure.UPLOAD_PACKETS;

import java.util.ArrayList;
import java.util.List;

/**
 * What is compared with what, and what is to be reached.
 *
 * <p>What raw reads and writes are good for is asked of a relay made of them, because kernel TCP at its ends has the same work with every
 * packet as it has with ours. Writes and reads alone, with no TCP anywhere, are a limit to look at and no goal.
 */
final class Goals {
    private Goals() {
    }

    static List<Comparison> comparisons() {
        List<Comparison> lines = new ArrayList<>();
        bulk(lines, UsertcpServer.OFFLOAD, KernelOverVeth.NAME, "at least 0.60");
        bulk(lines, UsertcpClient.NAME, KernelOverVeth.NAME, "");
        lines.add(new Comparison(PING_PONG, UsertcpServer.OFFLOAD, KernelOverVeth.NAME, "at most 1.50"));
        lines.add(new Comparison(PING_PONG, UsertcpServer.PLAIN, KernelOverVeth.NAME, ""));
        lines.add(new Comparison(DOWNLOAD_PACKETS, UsertcpServer.PLAIN, RawRelay.NAME, "at least 0.70"));
        lines.add(new Comparison(UPLOAD_PACKETS, UsertcpServer.PLAIN, RawRelay.NAME, "at least 0.70"));
        lines.add(new Comparison(DOWNLOAD_PACKETS, UsertcpServer.PLAIN, RawWrites.NAME, ""));
        lines.add(new Comparison(UPLOAD_PACKETS, UsertcpServer.PLAIN, RawReads.NAME, ""));
        for (String program : List.of("slirp4netns", "pasta")) {
            bulk(lines, UsertcpServer.OFFLOAD, UserModeNetwork.name(program, Mtu.ETHERNET), "at least 1.00");
            bulk(lines, UsertcpRelay.name(Mtu.ETHERNET), UserModeNetwork.name(program, Mtu.ETHERNET), "at least 1.00");
            bulk(lines, UsertcpRelay.name(Mtu.LARGE), UserModeNetwork.name(program, Mtu.LARGE), "at least 1.00");
        }
        return lines;
    }

    private static void bulk(List<Comparison> lines, String subject, String rival, String goal) {
        lines.add(new Comparison(DOWNLOAD, subject, rival, goal));
        lines.add(new Comparison(UPLOAD, subject, rival, goal));
    }
}
