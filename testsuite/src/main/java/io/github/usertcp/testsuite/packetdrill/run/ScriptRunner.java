package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.stack.FastOpenKeys;
import io.github.usertcp.testsuite.packetdrill.script.Parser;
import io.github.usertcp.testsuite.packetdrill.script.Position;
import io.github.usertcp.testsuite.packetdrill.script.Script;
import io.github.usertcp.testsuite.packetdrill.script.ScriptOption;
import io.github.usertcp.testsuite.packetdrill.script.ScriptSyntaxException;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scripts. Besides packetdrill's own options it takes {@code --check_ts_ecr}, {@code --check_checksum} and {@code --no_surplus} (a
 * packet left over when the last event is done is a failure), all off unless given. Any number of runs may go on in different threads.
 */
public final class ScriptRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptRunner.class);

    private final List<ScriptOption> options = new ArrayList<>();
    private final Map<String, String> defines = new LinkedHashMap<>(Map.of(
        // What the public test suites define on the command line.
        "CODE", "host_unreachable",
        "CMSG_LEVEL_IP", "SOL_IP", "CMSG_TYPE_RECVERR", "IP_RECVERR"));

    /**
     * Adds an option, which wins over the scripts' own.
     *
     * @param text  with or without the two dashes, such as {@code --strict_segments} or {@code --define=NAME=VALUE}
     * @throws ScriptSyntaxException  if it is no option
     */
    public ScriptRunner option(String text) {
        ScriptOption option = ScriptOption.parse(text.startsWith("--") ? text.substring(2) : text, new Position("command line", 1, 1));
        if (option.isDefine()) {
            defines.put(option.definedName(), option.definedValue());
        } else {
            options.add(option);
        }
        return this;
    }

    /** All switches that are stricter than packetdrill. */
    public ScriptRunner strict() {
        return option("--check_ts_ecr").option("--check_checksum").option("--no_surplus");
    }

    /** With the cookies that the keys of the public test suites give for the addresses in use. */
    private Map<String, String> allDefines() {
        RunOptions run = RunOptions.of(List.of(), options);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("TFO_COOKIE", cookie(FastOpenSettings.DEFAULT_KEY, run));
        all.put("TFO_COOKIE_ZERO", cookie("0-0-0-0", run));
        all.putAll(defines);
        return all;
    }

    private static String cookie(String key, RunOptions run) {
        return SegmentBytes.hex(FastOpenKeys.parse(key).cookie(run.remote(), run.local()));
    }

    /** Runs the script in a file. */
    public Verdict run(Path file) {
        try {
            return run(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a script. Never throws because of what is in it.
     *
     * @param name  for messages
     */
    public Verdict run(String name, String text) {
        try {
            Script script = Parser.parse(name, text, allDefines());
            FeatureCheck.check(script);
            try (ScriptRun run = new ScriptRun(script, RunOptions.of(script.options(), options))) {
                run.run();
            }
            return Verdict.PASSED;
        } catch (UnsupportedFeatureException e) {
            return Verdict.skipped(e.getMessage());
        } catch (ScriptFailure | ScriptSyntaxException e) {
            return Verdict.failed(e.getMessage());
        } catch (RuntimeException | AssertionError e) {
            LOG.error("{}: defect of the stack or of the runner", name, e);
            return Verdict.failed(name + ": " + e);
        }
    }
}
