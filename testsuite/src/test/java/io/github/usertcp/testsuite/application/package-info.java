/**
 * Unmodified Netty pipelines over user-space TCP: HTTP/1.1, HTTP/2, TLS with both providers. All they know of it is the channel's class.
 */
package io.github.usertcp.testsuite.application;
