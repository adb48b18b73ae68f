package io.github.usertcp.testsuite.packetdrill.script;

import java.util.List;

/** An option in the angle brackets of a packet line. Lengths are bytes on the wire. */
public sealed interface TcpOption {
    int wireLength();

    /** NOP or EOL, by kind. */
    record Padding(int kind) implements TcpOption {
        @Override
        public int wireLength() {
            return 1;
        }
    }

    record Mss(int value) implements TcpOption {
        @Override
        public int wireLength() {
            return 4;
        }
    }

    record WindowScale(int shift) implements TcpOption {
        @Override
        public int wireLength() {
            return 3;
        }
    }

    record SackPermitted() implements TcpOption {
        @Override
        public int wireLength() {
            return 2;
        }
    }

    /** Pairs of left and right edge in script numbers. */
    record Sack(List<Long> edges) implements TcpOption {
        @Override
        public int wireLength() {
            return 2 + 4 * edges.size();
        }
    }

    record Timestamps(long val, long ecr) implements TcpOption {
        @Override
        public int wireLength() {
            return 10;
        }
    }

    /** Fast-open cookie by option 34, or the experimental 254. */
    record FastOpen(boolean experimental, String cookieHex) implements TcpOption {
        @Override
        public int wireLength() {
            return (experimental ? 4 : 2) + cookieHex.length() / 2;
        }
    }

    record Md5(String digestHex) implements TcpOption {
        @Override
        public int wireLength() {
            return 2 + digestHex.length() / 2;
        }
    }

    /** Accurate ECN counters, kind 172 or 174, 24 bits each. */
    record AccurateEcn(int kind, List<Long> counters) implements TcpOption {
        @Override
        public int wireLength() {
            return 2 + 3 * counters.size();
        }
    }
}
