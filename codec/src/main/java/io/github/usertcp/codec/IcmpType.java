package io.github.usertcp.codec;

/** Types and codes of ICMP (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1) and ICMPv6 (RFC 4443 section 3). */
final class IcmpType {
    static final int ECHO_REPLY_V4 = 0;
    static final int ECHO_V4 = 8;
    static final int ECHO_V6 = 128;
    static final int ECHO_REPLY_V6 = 129;
    /** RFC 4861 section 4.5. */
    static final int REDIRECT_V6 = 137;
    /** RFC 4443 section 2.1: errors have the high bit clear. */
    static final int FIRST_INFORMATIONAL_V6 = 128;

    private static final int UNREACHABLE_V4 = 3;
    private static final int SOURCE_QUENCH_V4 = 4;
    private static final int REDIRECT_V4 = 5;
    private static final int TIME_EXCEEDED_V4 = 11;
    private static final int PARAMETER_PROBLEM_V4 = 12;
    private static final int UNREACHABLE_V6 = 1;
    private static final int PACKET_TOO_BIG_V6 = 2;
    private static final int TIME_EXCEEDED_V6 = 3;
    private static final int PARAMETER_PROBLEM_V6 = 4;

    private IcmpType() {
    }

    static boolean isErrorV4(int type) {
        return switch (type) {
            case UNREACHABLE_V4, SOURCE_QUENCH_V4, REDIRECT_V4, TIME_EXCEEDED_V4, PARAMETER_PROBLEM_V4 -> true;
            default -> false;
        };
    }

    /** Null for what is no error to TCP: a source quench is to be ignored (RFC 6633 section 5), a redirect is the routing's business. */
    static IcmpErrorKind errorV4(int type, int code) {
        return switch (type) {
            case UNREACHABLE_V4 -> unreachableV4(code);
            case TIME_EXCEEDED_V4 -> timeExceeded(code);
            case PARAMETER_PROBLEM_V4 -> IcmpErrorKind.PARAMETER_PROBLEM;
            default -> null;
        };
    }

    private static IcmpErrorKind unreachableV4(int code) {
        return switch (code) {
            case 0, 11 -> IcmpErrorKind.NETWORK_UNREACHABLE;
            case 1, 12 -> IcmpErrorKind.HOST_UNREACHABLE;
            case 2 -> IcmpErrorKind.PROTOCOL_UNREACHABLE;
            case 3 -> IcmpErrorKind.PORT_UNREACHABLE;
            case 4 -> IcmpErrorKind.PACKET_TOO_BIG;
            case 5 -> IcmpErrorKind.SOURCE_ROUTE_FAILED;
            case 6, 9 -> IcmpErrorKind.NETWORK_UNKNOWN;
            case 7 -> IcmpErrorKind.HOST_UNKNOWN;
            case 8 -> IcmpErrorKind.SOURCE_ISOLATED;
            case 10, 13, 14, 15 -> IcmpErrorKind.HOST_PROHIBITED;
            default -> null;
        };
    }

    static IcmpErrorKind errorV6(int type, int code) {
        return switch (type) {
            case UNREACHABLE_V6 -> unreachableV6(code);
            case PACKET_TOO_BIG_V6 -> IcmpErrorKind.PACKET_TOO_BIG;
            case TIME_EXCEEDED_V6 -> timeExceeded(code);
            case PARAMETER_PROBLEM_V6 -> code == 2 ? IcmpErrorKind.UNKNOWN_OPTION : IcmpErrorKind.PARAMETER_PROBLEM;
            default -> null;
        };
    }

    private static IcmpErrorKind timeExceeded(int code) {
        return code == 1 ? IcmpErrorKind.FRAGMENTS_MISSING : IcmpErrorKind.TIME_EXCEEDED;
    }

    private static IcmpErrorKind unreachableV6(int code) {
        return switch (code) {
            case 0 -> IcmpErrorKind.NETWORK_UNREACHABLE;
            case 2, 3 -> IcmpErrorKind.HOST_UNREACHABLE;
            case 4 -> IcmpErrorKind.PORT_UNREACHABLE;
            case 1, 5, 6 -> IcmpErrorKind.PROHIBITED;
            default -> null;
        };
    }

    /** Type and code as the 16 bits that a message begins with. */
    static int ofV4(IcmpErrorKind kind) {
        return switch (kind) {
            case NETWORK_UNREACHABLE -> UNREACHABLE_V4 << 8;
            case HOST_UNREACHABLE -> UNREACHABLE_V4 << 8 | 1;
            case PROTOCOL_UNREACHABLE -> UNREACHABLE_V4 << 8 | 2;
            case PORT_UNREACHABLE -> UNREACHABLE_V4 << 8 | 3;
            case PACKET_TOO_BIG -> UNREACHABLE_V4 << 8 | 4;
            case SOURCE_ROUTE_FAILED -> UNREACHABLE_V4 << 8 | 5;
            case NETWORK_UNKNOWN -> UNREACHABLE_V4 << 8 | 6;
            case HOST_UNKNOWN -> UNREACHABLE_V4 << 8 | 7;
            case SOURCE_ISOLATED -> UNREACHABLE_V4 << 8 | 8;
            case HOST_PROHIBITED -> UNREACHABLE_V4 << 8 | 10;
            case TIME_EXCEEDED -> TIME_EXCEEDED_V4 << 8;
            case FRAGMENTS_MISSING -> TIME_EXCEEDED_V4 << 8 | 1;
            case PARAMETER_PROBLEM -> PARAMETER_PROBLEM_V4 << 8;
            case PROHIBITED, UNKNOWN_OPTION -> throw noSuchError(kind, "ICMP");
        };
    }

    static int ofV6(IcmpErrorKind kind) {
        return switch (kind) {
            case NETWORK_UNREACHABLE -> UNREACHABLE_V6 << 8;
            case PROHIBITED -> UNREACHABLE_V6 << 8 | 1;
            case HOST_UNREACHABLE -> UNREACHABLE_V6 << 8 | 3;
            case PROTOCOL_UNREACHABLE -> PARAMETER_PROBLEM_V6 << 8 | 1;
            case PORT_UNREACHABLE -> UNREACHABLE_V6 << 8 | 4;
            case PACKET_TOO_BIG -> PACKET_TOO_BIG_V6 << 8;
            case TIME_EXCEEDED -> TIME_EXCEEDED_V6 << 8;
            case FRAGMENTS_MISSING -> TIME_EXCEEDED_V6 << 8 | 1;
            case PARAMETER_PROBLEM -> PARAMETER_PROBLEM_V6 << 8;
            case UNKNOWN_OPTION -> PARAMETER_PROBLEM_V6 << 8 | 2;
            default -> throw noSuchError(kind, "ICMPv6");
        };
    }

    private static IllegalArgumentException noSuchError(IcmpErrorKind kind, String version) {
        return new IllegalArgumentException(version + " has no " + kind);
    }
}
