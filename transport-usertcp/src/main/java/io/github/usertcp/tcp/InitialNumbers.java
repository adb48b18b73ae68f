package io.github.usertcp.tcp;

/**
 * Where a connection's unpredictable numbers come from. The connection itself has no randomness;
 * production uses {@link KeyedInitialNumbers}, tests and simulations inject what they like.
 */
public interface InitialNumbers {
    /** The initial send sequence number for this tuple (RFC 6528). */
    int iss(TcpTuple tuple, long nowNanos);

    /** What is added to the millisecond clock to make TSval (RFC 7323 section 5.4: a random offset per connection). */
    int timestampOffset(TcpTuple tuple);

    /** The same two numbers for every connection. */
    static InitialNumbers fixed(int iss, int timestampOffset) {
        return new InitialNumbers() {
            @Override
            public int iss(TcpTuple tuple, long nowNanos) {
                return iss;
            }

            @Override
            public int timestampOffset(TcpTuple tuple) {
                return timestampOffset;
            }
        };
    }
}
