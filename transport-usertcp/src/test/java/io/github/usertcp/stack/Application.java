package io.github.usertcp.stack;

import io.github.usertcp.tcp.TcpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A user of a connection: notes its events, reads what comes, writes what fits. */
final class Application implements ConnectionOwner {
    final List<TcpEvent> events = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    StackConnection connection;
    long bytesRead;
    private ByteBuf unsent = Unpooled.EMPTY_BUFFER;
    private boolean echo;
    private boolean closesAtEnd;
    private boolean reads = true;

    static Application echo() {
        Application application = new Application();
        application.echo = true;
        application.closesAtEnd = true;
        return application;
    }

    /** Reads all there is, says nothing, and closes when the peer has. */
    static Application sink() {
        Application application = new Application();
        application.closesAtEnd = true;
        return application;
    }

    /** Takes over an accepted connection. */
    Application own(StackConnection accepted) {
        connection = accepted;
        accepted.owner(this);
        return this;
    }

    Application notReading() {
        reads = false;
        return this;
    }

    @Override
    public void onProgress(StackConnection progressed) {
        connection = progressed;
        for (TcpEvent event = progressed.tcp().pollEvent(); event != null; event = progressed.tcp().pollEvent()) {
            events.add(event);
        }
        for (ByteBuf bytes = read(); bytes != null; bytes = read()) {
            bytesRead += bytes.readableBytes();
            if (echo) {
                send(bytes.retain());
            } else if (text.length() < 10_000) {
                text.append(bytes.toString(StandardCharsets.US_ASCII));
            }
            bytes.release();
        }
        pump();
        if (closesAtEnd && progressed.tcp().isInputEnded()) {
            close();
        }
        if (events.contains(TcpEvent.CLOSED)) {
            progressed.detach();
            dropUnsent();
        }
    }

    private ByteBuf read() {
        return reads ? connection.tcp().read(65_536, connection.stack().nowNanos()) : null;
    }

    void send(String ascii) {
        send(Unpooled.copiedBuffer(ascii, StandardCharsets.US_ASCII));
    }

    /** Takes ownership. */
    void send(ByteBuf bytes) {
        unsent = unsent.isReadable() ? Unpooled.wrappedBuffer(unsent, bytes) : bytes;
        pump();
    }

    void close() {
        connection.tcp().close(connection.stack().nowNanos());
        connection.detach();
    }

    void dropUnsent() {
        unsent.release();
        unsent = Unpooled.EMPTY_BUFFER;
    }

    private void pump() {
        if (unsent.isReadable()) {
            connection.tcp().write(unsent, connection.stack().nowNanos());
            connection.touch();
            if (!unsent.isReadable()) {
                dropUnsent();
            }
        }
    }
}
