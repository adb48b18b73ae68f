package io.github.usertcp.testsuite.packetdrill.script;

/** Where in a script something stands. Lines and columns count from 1. */
public record Position(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ':' + line + ':' + column;
    }
}
