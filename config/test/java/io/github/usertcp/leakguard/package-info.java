/** The leak guard under which the tests of every module run. Start reading at {@link io.github.usertcp.leakguard.LeakGuard}. */
package io.github.usertcp.leakguard;
