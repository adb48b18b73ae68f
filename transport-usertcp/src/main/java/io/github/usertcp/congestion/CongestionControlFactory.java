package io.github.usertcp.congestion;

/** Makes one {@link CongestionControl} per connection. Called on the connection's thread; must be safe to share between connections. */
public interface CongestionControlFactory {
    /** The algorithm's name, lower case, such as {@code "reno"}. */
    String name();

    CongestionControl create();
}
