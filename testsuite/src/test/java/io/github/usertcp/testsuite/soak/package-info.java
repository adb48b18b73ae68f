/**
 * Many connections, one after the other or at once: what they cost, and that nothing of them stays behind.
 *
 * <p>Start reading at {@code OpenAndCloseTest}. Counts are bounded so that the package runs in a minute.
 */
package io.github.usertcp.testsuite.soak;
