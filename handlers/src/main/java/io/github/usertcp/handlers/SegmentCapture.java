package io.github.usertcp.handlers;

import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.SegmentListener;
import io.github.usertcp.stack.TcpStack;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the segments of a stack to pcapng files for Wireshark, started and stopped while the stack runs; any stack will do, also the one
 * that channels were not told of: {@code capture.start(channel.stack(), path)}. One that captures now and then, or on the other side of an
 * {@link ImpairedLink}, may as well be the listener of a {@link SegmentTap}.
 *
 * <p>Real headers and numbers, each segment as it is on the wire, behind an IP header; over UDP that header is made up from the
 * addresses, so that Wireshark shows TCP. Super-segments appear as the pieces they are cut into; what a link has coalesced appears in
 * pieces again, at the time of the last of them.
 *
 * <p>The file is written on the stack's event loop, 64 KiB at a time, which waits for the file system: for looking at problems, not for
 * leaving on. A file that cannot be written to ends the capture and is logged; connections go on. While nothing is captured a segment
 * costs one look at a field. A {@code SegmentTap} may share it among several stacks, on several event loops.
 */
public final class SegmentCapture implements SegmentListener {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentCapture.class);
    /** Larger than any packet. */
    private static final int WHOLE_PACKETS = 1 << 18;
    private static final int MIN_SNAP_LENGTH = 60;

    private final int snapLength;
    private final Object lock = new Object();
    private volatile boolean running;
    private Path target;
    /** Null if the segments are not shown by a stack we have asked. */
    private TcpStack source;
    private FileChannel channel;
    /** Null until the first segment, whose time ties the event loop's clock to the calendar. */
    private PcapngFile file;

    /** Keeps whole packets. */
    public SegmentCapture() {
        this(WHOLE_PACKETS);
    }

    /**
     * Keeps the beginning of packets.
     *
     * @param snapLength  bytes of each packet to keep, IP header included, 60 at least; 120 are all headers of any IPv6 packet
     */
    public SegmentCapture(int snapLength) {
        if (snapLength < MIN_SNAP_LENGTH) {
            throw new IllegalArgumentException("snapLength: " + snapLength + " (expected: at least " + MIN_SNAP_LENGTH + ")");
        }
        this.snapLength = snapLength;
    }

    /**
     * Starts writing to a file, which is replaced if there is one. Any thread.
     *
     * @throws IOException            if the file cannot be written
     * @throws IllegalStateException  if a capture is running already
     */
    public void start(Path path) throws IOException {
        synchronized (lock) {
            if (running) {
                throw new IllegalStateException("capturing to " + target + " already");
            }
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            target = path;
            running = true;
        }
    }

    /**
     * Starts writing what passes between a running stack and its link to a file, which is replaced if there is one. Any thread.
     *
     * @throws IOException            if the file cannot be written
     * @throws IllegalStateException  if a capture is running already
     */
    public void start(TcpStack stack, Path path) throws IOException {
        synchronized (lock) {
            start(path);
            source = stack;
            stack.addListener(this);
        }
    }

    /** Ends the capture; the file is then complete. Does nothing if none is running. Any thread. */
    public void stop() throws IOException {
        synchronized (lock) {
            if (running) {
                running = false;
                if (source != null) {
                    source.removeListener(this);
                    source = null;
                }
                PcapngFile open = file != null ? file : new PcapngFile(channel, snapLength, 0); // without packets it is a file all the same
                file = null;
                open.close();
            }
        }
    }

    /** Whether segments are being written. */
    public boolean isRunning() {
        return running;
    }

    @Override
    public void onReceived(TcpSegment segment, long nowNanos) {
        if (running) {
            write(segment, false, nowNanos);
        }
    }

    @Override
    public void onSent(TcpSegment segment, long nowNanos) {
        if (running) {
            write(segment, true, nowNanos);
        }
    }

    private void write(TcpSegment segment, boolean outbound, long nowNanos) {
        synchronized (lock) {
            if (!running) {
                return;
            }
            try {
                if (file == null) {
                    file = new PcapngFile(channel, snapLength, nowNanos);
                }
                file.write(segment, outbound, nowNanos);
            } catch (IOException e) {
                LOG.warn("{}: capture ended", target, e);
                endAfter(e);
            }
        }
    }

    private void endAfter(IOException failure) {
        try {
            stop();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
