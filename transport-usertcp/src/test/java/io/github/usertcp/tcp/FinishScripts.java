package io.github.usertcp.tcp;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Ends the scripts of a test: checks silence and leaks if the test has passed so far, and forgets them in any case. */
final class FinishScripts implements BeforeEachCallback, AfterEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
        Script.takeUnfinished();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        for (Script script : Script.takeUnfinished()) {
            if (context.getExecutionException().isEmpty()) {
                script.finish();
            } else {
                script.abandon(); // or its buffers were reported as a second failure, a leak
            }
        }
    }
}
