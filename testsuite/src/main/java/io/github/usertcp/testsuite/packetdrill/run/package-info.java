/**
 * Runs a parsed script against the stack that ships, channels and wire format included, in virtual time and in the caller's thread.
 *
 * <pre>
 *   ScriptRun  event by event: when, and what
 *     |- Machine    stack, event loop and configuration (LinuxSettings and its Sysctls, changed by CommandTable; Nstat)
 *     |    |- SystemCalls -&gt; Endpoint (one socket: a channel with its Inbox and ZeroWriter, or a ListeningSocket)
 *     |    +- ScriptLink  &lt;-&gt; WirePacket, SegmentBytes
 *     |- Flow       script numbers &lt;-&gt; wire numbers
 *     +- Expectations: Aggregator, PacketMatcher
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.testsuite.packetdrill.run.ScriptRunner}. What the stack cannot do yet makes a script
 * skipped, by the name of the feature; nothing here imitates it.
 */
package io.github.usertcp.testsuite.packetdrill.run;
