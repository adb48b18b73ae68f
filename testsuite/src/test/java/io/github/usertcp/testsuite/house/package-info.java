/**
 * The rules of the house, as tests: who may import whom, what the engine must not touch, what the documents promise. They read the
 * sources of all modules as text. Start reading at {@code HouseRulesTest}.
 */
package io.github.usertcp.testsuite.house;
