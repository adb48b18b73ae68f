/**
 * Whole networks in virtual time, to find out how the stack behaves on paths nobody has at home. One seed makes one run.
 *
 * <pre>
 *   Simulation     the command: many random scenarios, or one again with all its packets
 *     Scenario     two connections, their users, the path between them and what happens to it; made from a seed
 *     ScenarioRun  lets it happen and judges: every byte once and in order, invariants, both ends closed, memory given back
 *     ChannelRun   the same with the channels that ship at the ends, judged by what applications see
 *   GoodputTable   another: what congestion controls make of paths, and of each other
 *     Dumbbell     bulk flows and the traffic of others through one bottleneck
 *     Goodput, Fairness
 *   host, network  the ends and what is between them
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.testsuite.simulator.Scenario}. To try a configuration of one's own, put two
 * {@link io.github.usertcp.testsuite.simulator.host.EngineHost}s at the ends of a {@link io.github.usertcp.testsuite.simulator.TwoHosts}.
 * What it does not do: fragment packets; IPv6; open channels simultaneously.
 */
package io.github.usertcp.testsuite.simulator;
