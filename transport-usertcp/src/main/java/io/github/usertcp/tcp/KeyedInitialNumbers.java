package io.github.usertcp.tcp;

/**
 * Initial sequence numbers and timestamp offsets that nobody without the key can predict (RFC 6528 section 3, RFC 7323 section 5.4).
 *
 * <pre>
 *   ISS = M + F(tuple, key)      M ticks every 4 microseconds, F is SipHash-2-4
 * </pre>
 * One tuple's numbers grow with the clock, so that a new connection starts beyond its predecessor's; different tuples' are unrelated.
 */
public final class KeyedInitialNumbers implements InitialNumbers {
    private static final long TICK_NANOS = 4_000;
    private static final long PURPOSE_ISS = 0x697373;
    private static final long PURPOSE_TIMESTAMP = 0x7473;

    private final SipHash hash;

    public KeyedInitialNumbers(SipHash hash) {
        this.hash = hash;
    }

    @Override
    public int iss(TcpTuple tuple, long nowNanos) {
        return (int) (hash.hash(tuple, PURPOSE_ISS) + nowNanos / TICK_NANOS);
    }

    @Override
    public int timestampOffset(TcpTuple tuple) {
        return (int) hash.hash(tuple, PURPOSE_TIMESTAMP);
    }
}
