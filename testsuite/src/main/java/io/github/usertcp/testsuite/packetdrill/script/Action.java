package io.github.usertcp.testsuite.packetdrill.script;

/** What an event does. */
public sealed interface Action permits TcpPacket, IcmpPacket, SystemCall, ShellCommand, Code {
}
