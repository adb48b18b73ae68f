/** The simulator's own tests, and what it finds out about the stack: random scenarios, goodput, repair of certain losses. */
package io.github.usertcp.testsuite.simulator;
