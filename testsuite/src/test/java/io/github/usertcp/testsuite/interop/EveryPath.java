package io.github.usertcp.testsuite.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A test for either family, with offload and without: its arguments say whether it is IPv4, and whether offload is on. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "IPv4: {0}, offload: {1}")
@CsvSource({"true, true", "true, false", "false, true", "false, false"})
@interface EveryPath {
}
