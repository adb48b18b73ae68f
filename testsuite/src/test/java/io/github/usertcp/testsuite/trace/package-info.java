/** The page that a trace becomes. */
package io.github.usertcp.testsuite.trace;
