package io.github.usertcp.stack;

/** Counters of a stack, written on its event loop and readable from any thread. */
public final class StackStats {
}
