package io.github.usertcp.testsuite.house;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the sources of all modules are. */
final class House {
    static final Path ROOT = root();
    static final List<String> MODULES = List.of("codec", "transport-usertcp", "handlers", "examples", "testsuite");

    private House() {
    }

    /** Maven runs tests in their module's directory, an IDE perhaps in the project's. */
    private static Path root() {
        for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.isDirectory(path.resolve("codec")) && Files.isDirectory(path.resolve("testsuite"))) {
                return path;
            }
        }
        throw new IllegalStateException("no project root above " + Path.of("").toAbsolutePath());
    }
}
