/**
 * Congestion control: when a connection may send how much, behind one interface.
 *
 * <pre>
 *   connection -- AckSample, loss, timeout --> CongestionControl -- cwndBytes, pacingBytesPerSecond --> connection
 *
 *   Cubic        the default; CubicCurve is the window it aims at, HyStart ends its first slow start
 *   NewReno      the shortest: read it first
 *   Bbr          paces by a model of the path: BbrModel, its parts and formulas; BbrProbeBandwidth and BbrProbeRtt, its probes
 *   Dctcp        NewReno that answers congestion marks in proportion
 *   FixedWindow  none at all, for tests
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.congestion.CongestionControl}. Detecting losses and repairing them is not done here: that
 * works the same with every algorithm.
 */
package io.github.usertcp.congestion;
