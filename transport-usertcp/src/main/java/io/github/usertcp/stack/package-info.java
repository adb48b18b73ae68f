/**
 * Many connections over one link, on one event loop. No locks, and one thread for everything: the link's event loop.
 *
 * <pre>
 *   Link --segments--> Arrivals --+--> ConnectionTable --> TcpConnection   live connections
 *                                 +--> TimeWaitTable                       63 bytes each
 *                                 +--> Handshakes, SynQueue                82 bytes each, until the third segment
 *                                 |                |--> SynCookies         none, when there are many
 *                                 |                '--> FastOpenQueue      a connection at once, for a SYN with a cookie
 *                                 +--> TcpListener                         accept queue
 *                                 '--> RST
 *
 *   end of the read batch --> Batch: owners look, connections take turns, one flush
 *   StackTimer <-- TimingWheel of each table: one scheduled task for everything
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.stack.TcpStack}, then {@code Arrivals} (the way in), {@code Batch} (the way out). {@link
 * io.github.usertcp.stack.Link} is what a stack needs from below, {@link io.github.usertcp.stack.ConnectionOwner} what it tells above.
 *
 * <p>TCP Fast Open: {@code FastOpenKeys} makes cookies, {@code FastOpenQueue} judges those that come, {@code FastOpenCache} keeps those of
 * servers; {@code FastOpenPolicy} is what all of them look at.
 *
 * <p>ICMP errors come by the same way; {@code PathMtuReports} has connections hear what they tell of a path, or what the
 * kernel has heard where it keeps them to itself; {@code PathMtuCache} keeps it for connections to come.
 *
 * <p>A {@link io.github.usertcp.stack.SegmentListener} is shown what passes, of a stack that is running too ({@code SegmentTaps}).
 *
 * <p>The three tables are found by the same keyed hash ({@code TupleKey}, {@code TupleIndex}). Everything a stranger can make grow
 * has a limit in {@link io.github.usertcp.stack.TcpStackConfig} and a counter in {@link io.github.usertcp.stack.StackCounter}.
 *
 * <p>Who writes what: {@code ConnectionTable} a connection's row; {@code Batch} its places in the queues;
 * {@code MemoryBudget} its charge; {@code Handshakes} the SYN queue; {@code TcpStack} everything else.
 *
 * <p>It does not parse bytes or know sockets (package {@code link}), does not know Netty channels of users (package
 * {@code channel}), and decides nothing about a connection's protocol (package {@code tcp}).
 */
package io.github.usertcp.stack;
