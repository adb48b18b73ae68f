/**
 * Draws the traces that the simulator and {@link io.github.usertcp.handlers.TraceHandler} write.
 *
 * <pre>
 *   trace.jsonl -- TraceFile --&gt; ConnectionEvents (columns of numbers) -- Plot --&gt; one HTML page, which draws itself
 * </pre>
 *
 * <p>Start reading at {@link io.github.usertcp.testsuite.trace.Plot}. What is drawn, and how, is in {@code page.html} among the resources:
 * plain HTML, SVG and script, that loads nothing.
 */
package io.github.usertcp.testsuite.trace;
