package io.github.usertcp.testsuite.packetdrill;

import io.github.usertcp.testsuite.packetdrill.run.ScriptRunner;
import io.github.usertcp.testsuite.packetdrill.run.Verdict;
import io.github.usertcp.testsuite.packetdrill.script.ScriptSyntaxException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * {@code usertcp-packetdrill [options] FILE|DIRECTORY...}: runs scripts and tells of each whether it passed, of all how many did. Exit
 * status 0 if none failed, 1 if some did, 2 for a wrong command line.
 *
 * <p>Options are packetdrill's own, the stricter ones of {@link ScriptRunner}, {@code -D NAME=VALUE}, and {@code --tsv FILE} for a table
 * of path, verdict and first line of the message.
 */
public final class Packetdrill {
    private static final int USAGE = 2;

    private final PrintStream out;
    private final ScriptRunner runner = new ScriptRunner();
    private final List<Path> scripts = new ArrayList<>();
    private final List<String> table = new ArrayList<>();
    private final Map<Verdict.Kind, Integer> counts = new EnumMap<>(Verdict.Kind.class);
    private Path tsv;

    private Packetdrill(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(run(System.out, arguments));
    }

    /** The same as the command line, without the end of the process. @return the exit status */
    static int run(PrintStream out, String... arguments) throws IOException {
        Packetdrill packetdrill = new Packetdrill(out);
        try {
            packetdrill.read(arguments);
        } catch (IllegalArgumentException | ScriptSyntaxException e) {
            out.println(e.getMessage());
            out.println("usage: usertcp-packetdrill [--OPTION[=VALUE]...] [-D NAME=VALUE] [--tsv FILE] FILE|DIRECTORY...");
            return USAGE;
        }
        return packetdrill.runAll();
    }

    private void read(String... arguments) throws IOException {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--tsv")) {
                tsv = Path.of(value(arguments, ++i, argument));
            } else if (argument.startsWith("--tsv=")) {
                tsv = Path.of(argument.substring("--tsv=".length()));
            } else if (argument.equals("-D")) {
                runner.option("define=" + value(arguments, ++i, argument));
            } else if (argument.startsWith("-D")) {
                runner.option("define=" + argument.substring(2));
            } else if (argument.startsWith("--")) {
                runner.option(argument);
            } else if (Files.exists(Path.of(argument))) {
                scripts.addAll(ScriptFiles.below(Path.of(argument)));
            } else {
                throw new IllegalArgumentException("no such file: " + argument);
            }
        }
        if (scripts.isEmpty()) {
            throw new IllegalArgumentException("no scripts");
        }
    }

    private static String value(String[] arguments, int index, String option) {
        if (index == arguments.length) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return arguments[index];
    }

    private int runAll() throws IOException {
        for (Path script : scripts) {
            Verdict verdict = runner.run(script);
            counts.merge(verdict.kind(), 1, Integer::sum);
            String reason = switch (verdict.kind()) {
                case PASS -> "";
                case SKIP -> " (" + verdict.message() + ')';
                case FAIL -> "\n" + verdict.message().indent(2).stripTrailing();
            };
            out.println(verdict.kind() + " " + script + reason);
            table.add(script + "\t" + verdict.kind() + "\t" + verdict.headline().replace('\t', ' '));
        }
        out.println(count(Verdict.Kind.PASS) + " passed, " + count(Verdict.Kind.FAIL) + " failed, "
            + count(Verdict.Kind.SKIP) + " skipped");
        if (tsv != null) {
            Files.write(tsv, table);
        }
        return count(Verdict.Kind.FAIL) == 0 ? 0 : 1;
    }

    private int count(Verdict.Kind kind) {
        return counts.getOrDefault(kind, 0);
    }
}
