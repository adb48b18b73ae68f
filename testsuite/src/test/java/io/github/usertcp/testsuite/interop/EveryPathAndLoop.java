package io.github.usertcp.testsuite.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link EveryPath} on epoll, and with io_uring what is most different: its first argument is the kind of {@link Loops}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}, IPv4: {1}, offload: {2}")
@CsvSource({
    "EPOLL, true, true", "EPOLL, true, false", "EPOLL, false, true", "EPOLL, false, false", "IO_URING, true, true", "IO_URING, false, false",
})
@interface EveryPathAndLoop {
}
