/**
 * What a network that is wrong, broken or hostile can do: nothing but be counted, answered as the RFC says, and survived.
 *
 * <pre>
 *   EveryFlagInEveryStateTest     one segment of any kind to a connection in any state, against the engine alone
 *   HostileDatagramTest           broken datagrams at a real UDP port, while a connection through it goes on
 * </pre>
 *
 * <p>Start reading at {@link ConnectionStates}. Traces of particular attacks are beside the engine, in its own tests; broken headers byte by
 * byte in codec's; networks that are only bad are the simulator's.
 */
package io.github.usertcp.testsuite.hostile;
