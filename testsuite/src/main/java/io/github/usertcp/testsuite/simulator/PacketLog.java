package io.github.usertcp.testsuite.simulator;

import io.github.usertcp.codec.IcmpErrorKind;
import io.github.usertcp.codec.SegmentSplitter;
import io.github.usertcp.codec.TcpHeaderReader;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.testsuite.simulator.network.Packet;
import io.github.usertcp.testsuite.simulator.network.PacketFate;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The last packets of a run in packetdrill notation: {@code >} leaves the client, {@code <} leaves the server, {@code x} what became of
 * one on the way, and {@code icmp} an error that leaves for the other end of the sign, quoting which segment. Super-segments are shown
 * whole.
 */
final class PacketLog {
    /** Where the number is in what is too short, or too broken, for a segment. */
    private static final int SEQ = 4;

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final int capacity;

    PacketLog(int capacity) {
        this.capacity = capacity;
    }

    /** Listens to a run that has not begun. */
    void attach(SimulatedRun run) {
        run.addListeners(new Sent('>'), new Sent('<'));
        run.addErrorListeners((kind, mtu, segment) -> onError(run.nowNanos(), '<', kind, mtu, segment),
            (kind, mtu, segment) -> onError(run.nowNanos(), '>', kind, mtu, segment));
        run.there().addObserver((packet, fate) -> onFate(run.nowNanos(), '>', packet, fate));
        run.back().addObserver((packet, fate) -> onFate(run.nowNanos(), '<', packet, fate));
    }

    private void onFate(long nowNanos, char direction, Packet packet, PacketFate fate) {
        if (packet.isSegment()) {
            add(nowNanos, "x " + direction + ' ' + text(packet.bytes()) + "   // " + fate);
        }
    }

    private void onError(long nowNanos, char direction, IcmpErrorKind kind, int mtu, ByteBuf quoted) {
        String size = kind == IcmpErrorKind.PACKET_TOO_BIG ? " mtu " + mtu : "";
        add(nowNanos, direction + " icmp " + kind + size + " [" + text(quoted) + ']');
    }

    private static String text(ByteBuf bytes) {
        TcpSegment segment = new TcpSegment();
        boolean readable = TcpHeaderReader.read(bytes, bytes.readerIndex(), bytes.readableBytes(), segment) == null;
        String text = readable ? segment.toString() : "seq " + bytes.getUnsignedInt(bytes.readerIndex() + SEQ) + " ...";
        segment.release();
        return text;
    }

    private void add(long nowNanos, String text) {
        if (lines.size() == capacity) {
            lines.poll();
        }
        lines.add("%.6f %s".formatted(nowNanos / 1e9, text));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    private final class Sent implements SegmentListener {
        private final char direction;

        Sent(char direction) {
            this.direction = direction;
        }

        @Override
        public void onSent(TcpSegment segment, long nowNanos) {
            int pieces = SegmentSplitter.pieceCount(segment);
            add(nowNanos, direction + " " + segment + (pieces == 1 ? "" : "   // " + pieces + " pieces of " + segment.segmentSize()));
        }

        @Override
        public void onReceived(TcpSegment segment, long nowNanos) {
            // seen when it was sent
        }
    }
}
