/**
 * The packetdrill language: from the text of a script to its {@link io.github.usertcp.testsuite.packetdrill.script.Script}, without
 * running anything.
 *
 * <pre>
 *   text -&gt; Lexer -&gt; Tokens -&gt; Parser -&gt; Script: options, Event...
 *                               |                          |
 *                               +- PacketParser            +- Action: TcpPacket, IcmpPacket, SystemCall, ShellCommand, Code
 *                               |    +- TcpOptionParser
 *                               +- CallParser
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.testsuite.packetdrill.script.Parser}. What is wrong with a script is a
 * {@link io.github.usertcp.testsuite.packetdrill.script.ScriptSyntaxException} that names file, line, column and what was expected; what
 * is right but beyond this runner, an {@link io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException}.
 */
package io.github.usertcp.testsuite.packetdrill.script;
