package io.github.usertcp.testsuite.packetdrill.run;

/**
 * What a system call returned.
 *
 * @param errno  empty for none
 */
record Outcome(long value, String errno) {
    static Outcome of(long value) {
        return new Outcome(value, "");
    }

    static Outcome error(String errno) {
        return new Outcome(-1, errno);
    }

    @Override
    public String toString() {
        return errno.isEmpty() ? String.valueOf(value) : value + " " + errno;
    }
}
