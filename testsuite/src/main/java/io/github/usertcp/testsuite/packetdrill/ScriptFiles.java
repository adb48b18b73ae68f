package io.github.usertcp.testsuite.packetdrill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Scripts on disk: files that end with {@code .pkt}. */
final class ScriptFiles {
    private ScriptFiles() {
    }

    /** The file itself, or all scripts below a directory, sorted. */
    static List<Path> below(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(file -> file.toString().endsWith(".pkt")).sorted().toList();
        }
    }
}
