/**
 * Congestion control: when a connection may send how much, behind one interface.
 *
 * <pre>
 *   connection -- AckSample, loss, timeout --> CongestionControl -- cwndBytes, pacingBytesPerSecond --> connection
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.congestion.CongestionControl}; {@code NewReno} is the shortest
 * implementation. Detecting losses and repairing them is not done here: that works the same with every algorithm.
 */
package io.github.usertcp.congestion;
