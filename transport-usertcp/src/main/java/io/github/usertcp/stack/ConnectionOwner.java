package io.github.usertcp.stack;

/** Who uses a connection: a channel, by way of its port. */
@FunctionalInterface
public interface ConnectionOwner {
    /**
     * Something happened to the connection: poll its events, read its bytes, write what now fits. Called on the
     * stack's event loop, once per batch of input and before the connection's segments are polled, so that
     * ACKs, window updates and answers leave together. The owner may call anything on the connection from here.
     */
    void onProgress(StackConnection connection);
}
