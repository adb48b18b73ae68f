package io.github.usertcp.testsuite.benchmark.tun;

import java.io.IOException;

/** A contender cannot be measured on this machine; the message says why. */
final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        super(message);
    }
}
