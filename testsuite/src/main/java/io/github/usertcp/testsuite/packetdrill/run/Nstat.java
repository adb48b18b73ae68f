package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.tcp.TcpInfo;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command {@code nstat}, which counts from its last call, as far as scripts ask it: whether a counter has a value. What Linux counts
 * for the whole machine is that of the connection under test here, the only one a script talks to.
 */
final class Nstat {
    private static final Pattern CONDITION =
        Pattern.compile("([^|]*)\\|\\s*grep\\s+\"?TcpExt(\\w+)\"?\\s*\\|\\s*grep\\s+-q\\s+\" +(\\d+) +\"\\s*");

    private final Supplier<TcpInfo> underTest;
    private final Map<String, Long> counted = new HashMap<>();

    /** @param underTest  {@code null} while there is no connection */
    Nstat(Supplier<TcpInfo> underTest) {
        this.underTest = underTest;
    }

    /**
     * Starts to count anew, and checks what follows the pipe.
     *
     * @throws ScriptFailure  if the counter has another value: the command would have failed
     * @throws UnsupportedFeatureException  naming a counter that we have not, or a filter not understood
     */
    void run(String arguments) {
        Map<String, Long> now = counters(underTest.get());
        Matcher condition = CONDITION.matcher(arguments);
        if (condition.matches()) {
            String name = condition.group(2);
            if (!now.containsKey(name)) {
                throw new UnsupportedFeatureException("nstat TcpExt" + name);
            }
            long value = now.get(name) - (condition.group(1).contains("a") ? 0 : counted.getOrDefault(name, 0L));
            if (value != Long.parseLong(condition.group(3))) {
                throw new ScriptFailure("nstat counts TcpExt" + name + ' ' + value + ", expected " + condition.group(3));
            }
        } else if (arguments.contains("|")) {
            throw new UnsupportedFeatureException("command nstat " + arguments);
        }
        counted.putAll(now);
    }

    private static Map<String, Long> counters(TcpInfo info) {
        return Map.of("TCPZeroWindowDrop", info == null ? 0 : info.rcvZeroWindow(),
            "BeyondWindow", info == null ? 0 : info.rcvBeyondWindow());
    }
}
