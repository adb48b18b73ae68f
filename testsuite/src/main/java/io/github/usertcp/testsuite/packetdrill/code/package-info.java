/**
 * The code blocks of scripts: a small part of Python, enough for assertions over {@code tcp_info}. All blocks of a script share their
 * variables and are evaluated after its last event, each over the snapshot taken at its time. Start reading at {@link
 * io.github.usertcp.testsuite.packetdrill.code.Interpreter}. No functions, loops or branches: a script with any is skipped.
 */
package io.github.usertcp.testsuite.packetdrill.code;
