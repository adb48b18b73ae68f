/**
 * One TCP connection as a state machine without I/O (RFC 9293): segments and time go in, state changes, segments come out when asked for.
 *
 * <pre>
 *   onSegment --> Arrival -+-> SynSentArrival                                           pollSegment
 *                          +-> SynchronizedArrival -> AckArrival -> TextArrival              ^
 *   onTimeout --> Timeouts                 \       AckedRanges,      /                       |
 *                                           \      LossResponse     /                        |
 *   onIcmp    --> IcmpArrival               +------->  Tcb  <-------+   <---- Transmitter, NewData
 *   write...  --> UserCalls                 (state groups, one writer a field)
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.tcp.TcpConnection}, then {@code SynchronizedArrival}, which is
 * RFC 9293 section 3.10.7.4 step by step, and {@code Transmitter}, which has one method for each reason to send.
 *
 * <p>The state groups of a {@code Tcb}, and who writes which part of them. All are started by {@code Arrival}, {@code SynSentArrival} and
 * {@code Tcb.establish}, and emptied by {@code Tcb.enter} at the end, which the list does not repeat:
 * <ul>
 * <li>{@code SendSpace}: UNA and windows by {@code AckArrival}, NXT by {@code Transmitter} and {@code NewData}</li>
 * <li>{@code ReceiveSpace}: NXT by {@code TextArrival}, the offered edge by {@code Transmitter}</li>
 * <li>{@code SendBuffer}: set by {@code UserCalls}, grown by {@code AckArrival}</li>
 * <li>{@code SendQueue}: filled by {@code UserCalls}, emptied by {@code AckArrival}</li>
 * <li>{@code ReceiveQueue}, {@code ReassemblyQueue}: filled by {@code TextArrival},
 *     emptied by {@code TextArrival} and {@code TcpConnection}</li>
 * <li>{@code ReceiveBuffer}: configured by {@code UserCalls}, grows by {@code WindowUpdates}; {@code ReceiverRtt}: {@code TextArrival}</li>
 * <li>{@code SackReport}: what there is to report by {@code TextArrival} and {@code SynchronizedArrival}, reported by
 *     {@code Transmitter}</li>
 * <li>{@code TransmissionRecords}: filled by {@code Transmitter} and {@code NewData}, emptied by {@code AckArrival} and {@code Rack}</li>
 * <li>{@code Scoreboard}: what arrived by {@code AckedRanges}, what is lost by {@code Rack} and {@code LossResponse}, what was resent by
 *     {@code Transmitter}</li>
 * <li>{@code Delivery}: {@code AckArrival} and {@code AckedRanges}, losses added by {@code Rack} and {@code LossResponse}</li>
 * <li>{@code DeliveryRate}: deliveries by {@code AckArrival}, departures by {@code NewData}, losses by {@code LossResponse}</li>
 * <li>{@code LossRecovery}, {@code Rack}, {@code TailLossProbe}: {@code LossResponse}; D-SACKs by {@code AckedRanges}, what was resent by
 *     {@code Transmitter}</li>
 * <li>{@code Pacing}: {@code Transmitter} and {@code NewData}</li>
 * <li>{@code EifelDetection}: losses by {@code LossResponse}, copies by {@code Transmitter}, decided by {@code AckArrival}</li>
 * <li>{@code RttEstimator}: samples by {@code AckArrival}, rounds and backoff by {@code Timeouts}</li>
 * <li>{@code CwndUsage}: {@code NewData}; {@code SenderLimits}: {@code Transmitter}</li>
 * <li>{@code FastOpen}: {@code FastOpenClient} and {@code FastOpenServer}, which write SND.UNA and SND.NXT for data that a SYN carried,
 *     and the SYN-ACK's part of {@code Timers} in a connection opened by its SYN</li>
 * <li>{@code Timestamps}: {@code SynchronizedArrival}</li>
 * <li>{@code StreamEnds}: our side by {@code UserCalls} and {@code NewData}, the peer's by {@code TextArrival}</li>
 * <li>{@code Probes}: sent ones by {@code Timeouts}, answers by {@code SynchronizedArrival} and {@code AckArrival}</li>
 * <li>{@code AckPolicy}, {@code Outbox}: requests by arrivals, timeouts and
 *     user calls, fulfilled by {@code Transmitter} and {@code NewData}</li>
 * <li>{@code Timers}: each set by the step it follows from ({@code Timeouts} has the methods), stopped where its reason goes, expired by
 * {@code Timeouts} alone</li>
 * <li>{@code Ecn}: handshakes by {@code Arrival}, {@code SynSentArrival} and {@code Transmitter}, what arrives by
 *     {@code SynchronizedArrival}, feedback by {@code AckArrival}, reductions by {@code LossResponse}, what was told by
 *     {@code Transmitter}; its parts ({@code EcnHandshake}, {@code ClassicEcn}, {@code AccurateEcnReceiver},
 *     {@code AccurateEcnFeedback}) by {@code Ecn} alone</li>
 * <li>{@code PathMtu}: {@code PathMtuDiscovery}, {@code TcpConnection}</li>
 * <li>{@code MtuSearch}: {@code MtuProbes}; reports by {@code PathMtuDiscovery}, losses by {@code Transmitter}, what it has to tell
 *     taken by {@code TcpConnection}</li>
 * <li>{@code softError}: {@code IcmpArrival}, cleared by {@code AckArrival}</li>
 * <li>{@code Counters}: arrivals and {@code Transmitter}</li>
 * </ul>
 *
 * <p>What it does not do: look up connections, choose ports, answer segments that belong to no connection, keep SYN queues (all
 * in {@code stack}); know what carries segments (in {@code link}); decide how much may be in flight (in {@code congestion}).
 */
package io.github.usertcp.tcp;
