package io.github.usertcp.testsuite.benchmark.tun;

/**
 * A line of the table: a figure of ours beside somebody else's.
 *
 * @param subject  name of the contender that is ours
 * @param rival    name of the other contender
 * @param goal     what their ratio is to be, empty if there is no such goal
 */
record Comparison(Figure figure, String subject, String rival, String goal) {
}
