package io.github.usertcp.testsuite.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that must not stand in the sources of some components. */
record Rule(String name, Set<String> components, Pattern forbidden) {

    static Rule forbid(String name, Set<String> components, String... patterns) {
        return new Rule(name, components, Pattern.compile(String.join("|", patterns), Pattern.MULTILINE));
    }

    /** Where the source breaks the rule, and with what. */
    List<String> violations(SourceFile source) {
        List<String> found = new ArrayList<>();
        if (components.contains(source.component())) {
            Matcher matcher = forbidden.matcher(source.code());
            while (matcher.find()) {
                found.add(source.at(matcher.start()) + ": " + name + ": " + matcher.group().strip());
            }
        }
        return found;
    }
}
