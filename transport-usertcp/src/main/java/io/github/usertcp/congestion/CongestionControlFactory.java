package io.github.usertcp.congestion;

/** Makes one {@link CongestionControl} per connection. Called on the connection's thread; must be safe to share between connections. */
public interface CongestionControlFactory {
    /** The algorithm's name, lower case, such as {@code "reno"}. */
    String name();

    CongestionControl create();

    /** What {@link CongestionControl#needsEcn} of those it makes will answer: handshakes ask before there is one. Default false. */
    default boolean needsEcn() {
        return false;
    }
}
