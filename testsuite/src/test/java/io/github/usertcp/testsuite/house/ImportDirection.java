package io.github.usertcp.testsuite.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Imports point one way only:
 *
 * <pre>
 *   codec &lt;- congestion &lt;- tcp &lt;- stack &lt;- link &lt;- channel &lt;- handlers &lt;- examples, testsuite
 *                                           tun &lt;-'
 * </pre>
 *
 * <p>A component may use those to its left, by import or by full name. A component this class has never heard of breaks the rule too: give
 * it a place first.
 */
final class ImportDirection {
    private static final Map<String, Set<String>> MAY_USE = Map.of(
        "codec", Set.of(),
        "congestion", Set.of("codec"),
        "tcp", Set.of("codec", "congestion"),
        "stack", Set.of("codec", "congestion", "tcp"),
        "tun", Set.of("codec"),
        "link", Set.of("codec", "congestion", "tcp", "stack", "tun"),
        "channel", Set.of("codec", "congestion", "tcp", "stack", "link"),
        "handlers", Set.of("codec", "congestion", "tcp", "stack", "link", "channel"),
        "examples", Set.of("codec", "congestion", "tcp", "stack", "link", "channel", "handlers"),
        "testsuite", Set.of("codec", "congestion", "tcp", "stack", "tun", "link", "channel", "handlers", "examples"));

    private static final Pattern USE = Pattern.compile("\\bio\\.github\\.usertcp\\.(\\w+)");

    private ImportDirection() {
    }

    static List<String> violations(SourceFile source) {
        Set<String> allowed = MAY_USE.get(source.component());
        if (allowed == null) {
            return List.of(source.name() + ": component " + source.component() + " has no place in the direction of imports");
        }
        List<String> found = new ArrayList<>();
        Matcher matcher = USE.matcher(source.code());
        while (matcher.find()) {
            String used = matcher.group(1);
            if (!used.equals(source.component()) && !allowed.contains(used)) {
                found.add(source.at(matcher.start()) + ": " + source.component() + " must not use " + used);
            }
        }
        return found;
    }
}
