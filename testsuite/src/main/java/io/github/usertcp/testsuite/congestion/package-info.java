/**
 * The contract of congestion controls, as tests that an algorithm of one's own can inherit.
 *
 * <pre>
 *   class MineTest extends CongestionControlContract { algorithm() -- returns --&gt; my CongestionControlFactory }
 *
 *   CongestionControlContract -- events, plausible and not --&gt; CongestionControl -- cwnd, ssthresh, pacing --&gt; bounds and rules
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.testsuite.congestion.CongestionControlContract}. Whether an algorithm is any good is not
 * asked here: the simulator shows that.
 */
package io.github.usertcp.testsuite.congestion;
