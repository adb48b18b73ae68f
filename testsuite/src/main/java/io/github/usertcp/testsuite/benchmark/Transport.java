package io.github.usertcp.testsuite.benchmark;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.Future;
import java.util.function.Supplier;

/** A way to carry bytes from a client to a server in this JVM. Methods may be called from any thread. */
interface Transport {
    String name();

    /** False if the transport has no connections to open and close, and only one path. */
    boolean hasConnections();

    /** Starts the server; every connection gets a handler of its own. */
    void listen(Loops loops, Supplier<ChannelHandler> childHandler);

    /** Connects a client; the handler sees a byte stream. */
    Future<? extends Channel> connect(ChannelHandler handler);

    /** Closes a connection made by {@link #connect} and whatever carries it. */
    void disconnect(Channel connection);

    /** Closes the server, after which {@link #listen} may be called again. */
    void close();
}
