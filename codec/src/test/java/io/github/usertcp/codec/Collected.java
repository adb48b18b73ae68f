package io.github.usertcp.codec;

import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** A sink that keeps what it is given, for tests to look at. */
final class Collected implements SegmentSink {
    final List<TcpSegment> segments = new ArrayList<>();
    final List<DropReason> dropped = new ArrayList<>();

    @Override
    public void onSegment(TcpSegment segment) {
        segments.add(segment);
    }

    @Override
    public void onDropped(DropReason reason) {
        dropped.add(reason);
    }

    /** One line a segment, with a {@code /size} at the end of one that is to be cut. */
    List<String> texts() {
        return segments.stream().map(s -> s.segmentSize() == 0 ? s.toString() : s + " /" + s.segmentSize()).toList();
    }

    void release() {
        segments.forEach(TcpSegment::release);
        segments.clear();
    }

    /** All a receiver could see of a segment. */
    static String everything(TcpSegment s) {
        return s.source() + ":" + s.sourcePort() + "(" + s.sourceUdpPort() + ") > " + s.destination() + ":" + s.destinationPort()
            + "(" + s.destinationUdpPort() + ") " + s + " " + ByteBufUtil.hexDump(ByteBufUtil.getBytes(s.payload()));
    }
}
