package io.github.usertcp.testsuite.packetdrill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A script in the style of those that Linux is tested with runs as it is. */
class LinuxStyleTest {
    private static final String SCRIPT = """
        // Comments, options, commands, notes and numbers as people write them.
        --tolerance_usecs=10000
        --mss=1000

        `./defaults.sh
        ./set_sysctls.py /proc/sys/net/ipv4/tcp_min_tso_segs=4`

            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
           +0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
           +0 bind(3, ..., ...) = 0
           +0 listen(3, 1) = 0

           +0 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
           +0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 8>
          +.1 < . 1:1(0) ack 1 win 320
           +0 accept(3, ..., ...) = 4
           +0 fcntl(4, F_GETFL) = 0x2 (flags O_RDWR)
           +0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0   // set nonblocking mode
           +0 read(4, ..., 4096) = -1 EAGAIN (Resource temporarily unavailable)

           +0 %{ assert tcpi_snd_cwnd == 10, 'cwnd=%d' % tcpi_snd_cwnd }%
           +0 write(4, ..., 5000) = 5000
           +0 > P. 1:5001(5000) ack 1
        +.105 < . 1:1(0) ack 5001 win 320
           +0 %{
        # growth in slow start
        assert tcpi_snd_cwnd >= 10 and tcpi_unacked == 0, tcpi_snd_cwnd
        }%
        0.300 close(4) = 0
        0.300 > F. 5001:5001(0) ack 1
            * > F. 5001:5001(0) ack 1

        `/tmp/sysctl_restore_${PPID}.sh`
        """;

    @Test
    void runsAsItIs() {
        assertEquals(new Verdict(Verdict.Kind.PASS, ""), new ScriptRunner().run("linux.pkt", SCRIPT));
    }
}
