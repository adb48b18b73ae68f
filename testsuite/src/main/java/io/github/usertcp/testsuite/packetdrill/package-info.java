/**
 * A packetdrill interpreter: scripts of packets and system calls, with their times, run against the stack in milliseconds and in virtual
 * time, without root, TUN device or kernel.
 *
 * <pre>
 *   Packetdrill       command line                       --+
 *   PacketdrillTests  source of tests for JUnit Jupiter  --+-&gt; run.ScriptRunner -&gt; script, code
 * </pre>
 *
 * <p>It runs scripts written for Linux as they are, and tells what the stack cannot do yet by skipping a script with the name of the
 * feature. It starts no shell: the commands scripts use are a table.
 */
package io.github.usertcp.testsuite.packetdrill;
