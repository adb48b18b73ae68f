package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shell commands that scripts use, as far as they mean something to a stack in the same process. No shell is ever started. */
final class CommandTable {
    /** Of the host around the stack, and without effect on one that has no host. */
    private static final Set<String> IGNORED = Set.of("tc", "ethtool", "true", "sync", ":", "cat",
        "sleep", "dmesg", "modprobe", "set");
    private static final Pattern SEPARATOR = Pattern.compile("\\n|;|&&|\\|\\|");
    private static final Pattern PRODUCT = Pattern.compile("\\$\\(\\((\\d+)\\s*\\*\\s*(\\d+)\\)\\)");
    private static final Pattern ASSIGNMENT = Pattern.compile("([\\w./]+)\\s*=\\s*(\"[^\"]*\"|'[^']*'|\\S+)");
    private static final Pattern ROUTE_ATTRIBUTE =
        Pattern.compile("\\b(mtu lock|mtu|advmss|initcwnd|initrwnd|quickack|rto_min|features)\\s+(\\S+)");

    private final LinuxSettings settings;
    private final Nstat nstat;
    private final boolean ipv6;

    CommandTable(LinuxSettings settings, Nstat nstat, boolean ipv6) {
        this.settings = settings;
        this.nstat = nstat;
        this.ipv6 = ipv6;
    }

    /** Does what a command of one or more lines says. */
    void run(String text) {
        String joined = PRODUCT.matcher(text.replace("\\\n", " ")).replaceAll(product ->
            String.valueOf(Long.parseLong(product.group(1)) * Long.parseLong(product.group(2))));
        for (String command : SEPARATOR.split(joined)) {
            String trimmed = command.strip();
            if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
                runOne(trimmed);
            }
        }
    }

    private void runOne(String command) {
        String[] words = command.split("\\s+", 2);
        String program = words[0].substring(words[0].lastIndexOf('/') + 1);
        String arguments = words.length > 1 ? words[1] : "";
        if (program.equals("defaults.sh")) {
            // What it sets is what we start with, except that one of the two there are turns Fast Open on for all listeners.
            settings.set("tcp_fastopen", words[0].contains("common/") ? "0x70403" : "0x3");
            return;
        }
        if (IGNORED.contains(program) && !command.contains("grep") || program.contains("restore")) {
            return;
        }
        switch (program) {
            case "sysctl", "set_sysctls.py" -> assign(arguments);
            case "echo" -> echo(command, arguments);
            case "ip" -> ip(command, arguments);
            case "nstat" -> nstat.run(arguments);
            default -> throw new UnsupportedFeatureException("command " + program);
        }
    }

    private void assign(String arguments) {
        Matcher assignment = ASSIGNMENT.matcher(arguments);
        while (assignment.find()) {
            String value = assignment.group(2).replaceAll("[\"']", "");
            settings.set(assignment.group(1).replace("/proc/sys/", "").replace('/', '.'), value);
        }
    }

    /** {@code echo 1 > /proc/sys/net/ipv4/...}. */
    private void echo(String command, String arguments) {
        String[] sides = arguments.split(">", 2);
        if (sides.length < 2 || command.contains("/sys/module/")) {
            return;
        }
        settings.set(sides[1].strip().replace("/proc/sys/", "").replace('/', '.'), sides[0].strip());
    }

    private void ip(String command, String arguments) {
        if (arguments.contains("tcp_metrics")) {
            settings.forgetPeers();
            return;
        }
        if (!arguments.contains("route") && !arguments.contains("link set")) {
            throw new UnsupportedFeatureException("command " + command);
        }
        Matcher attribute = ROUTE_ATTRIBUTE.matcher(arguments);
        while (attribute.find()) {
            switch (attribute.group(1)) {
                case "mtu", "mtu lock" -> settings.linkMtu(Integer.parseInt(attribute.group(2)), ipv6);
                default -> settings.route(attribute.group(1), attribute.group(2));
            }
        }
    }
}
