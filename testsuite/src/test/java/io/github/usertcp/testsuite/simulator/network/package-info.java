/** What links and queues do to packets. */
package io.github.usertcp.testsuite.simulator.network;
