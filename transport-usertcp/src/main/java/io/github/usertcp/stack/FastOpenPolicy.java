package io.github.usertcp.stack;

/** What holds for TCP Fast Open in a stack at the moment: its clients and listeners look here each time, so that it can be changed. */
final class FastOpenPolicy {
    private FastOpenConfig config;
    private FastOpenKeys keys;

    FastOpenPolicy(FastOpenConfig config) {
        apply(config);
    }

    void apply(FastOpenConfig newConfig) {
        config = newConfig;
        keys = newConfig.keys() != null ? newConfig.keys() : FastOpenKeys.ofProcess();
    }

    FastOpenConfig config() {
        return config;
    }

    /** Of listeners without keys of their own. */
    FastOpenKeys keys() {
        return keys;
    }
}
