package io.github.usertcp.testsuite.hostile;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.TcpFlags;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A datagram that no TCP sends, and what it is counted as. */
enum HostileDatagram {
    NINETEEN_BYTES(DropReason.TRUNCATED_HEADER) {
        @Override
        byte[] to(int port) {
            return Arrays.copyOf(header(1, port, 5, TcpFlags.ACK), 19);
        }
    },
    DATA_OFFSET_FOUR(DropReason.DATA_OFFSET_TOO_SMALL) {
        @Override
        byte[] to(int port) {
            return header(1, port, 4, TcpFlags.ACK);
        }
    },
    DATA_OFFSET_BEYOND_THE_DATAGRAM(DropReason.DATA_OFFSET_BEYOND_SEGMENT) {
        @Override
        byte[] to(int port) {
            return header(1, port, 6, TcpFlags.ACK);
        }
    },
    OPTION_OF_LENGTH_ZERO(DropReason.BAD_OPTION_LENGTH) {
        @Override
        byte[] to(int port) {
            return header(1, port, 6, TcpFlags.SYN, 2, 0, 0, 0);
        }
    },
    OPTION_OF_LENGTH_ONE(DropReason.BAD_OPTION_LENGTH) {
        @Override
        byte[] to(int port) {
            return header(1, port, 6, TcpFlags.SYN, 254, 1, 0, 0);
        }
    },
    OPTION_PAST_THE_HEADER(DropReason.BAD_OPTION_LENGTH) {
        @Override
        byte[] to(int port) {
            return header(1, port, 6, TcpFlags.SYN, 8, 10, 0, 0);
        }
    },
    SYN_AND_FIN(DropReason.IMPOSSIBLE_FLAGS) {
        @Override
        byte[] to(int port) {
            return header(1, port, 5, TcpFlags.SYN | TcpFlags.FIN);
        }
    },
    SYN_AND_RST(DropReason.IMPOSSIBLE_FLAGS) {
        @Override
        byte[] to(int port) {
            return header(1, port, 5, TcpFlags.SYN | TcpFlags.RST);
        }
    },
    NO_FLAG(DropReason.IMPOSSIBLE_FLAGS) {
        @Override
        byte[] to(int port) {
            return header(1, port, 5, 0);
        }
    },
    FROM_PORT_ZERO(DropReason.PORT_ZERO) {
        @Override
        byte[] to(int port) {
            return header(0, port, 5, TcpFlags.SYN);
        }
    },
    TO_PORT_ZERO(DropReason.PORT_ZERO) {
        @Override
        byte[] to(int port) {
            return header(1, 0, 5, TcpFlags.SYN);
        }
    },
    AS_LONG_AS_CAN_BE(DropReason.DATA_OFFSET_TOO_SMALL) {
        @Override
        byte[] to(int port) {
            return Arrays.copyOf(header(1, port, 0, TcpFlags.ACK), 65_507);
        }
    };

    private final DropReason reason;

    HostileDatagram(DropReason reason) {
        this.reason = reason;
    }

    DropReason reason() {
        return reason;
    }

    /** The datagram, for a listener on that TCP port. */
    abstract byte[] to(int port);

    /** A TCP header, right or not. */
    static byte[] header(int sourcePort, int destinationPort, int offsetWords, int flags, int... options) {
        ByteBuffer header = ByteBuffer.allocate(20 + options.length).putShort((short) sourcePort).putShort((short) destinationPort)
            .putInt(0).putInt(0).putShort((short) (offsetWords << 12 | flags)).putShort((short) 65_535).putInt(0);
        for (int octet : options) {
            header.put((byte) octet);
        }
        return header.array();
    }
}
