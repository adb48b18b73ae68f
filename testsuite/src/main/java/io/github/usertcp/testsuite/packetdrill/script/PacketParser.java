package io.github.usertcp.testsuite.packetdrill.script;

import io.github.usertcp.codec.TcpFlags;
import io.github.usertcp.testsuite.packetdrill.script.Token.Kind;
import java.util.List;
import java.util.Set;

/** Reads a packet line from {@code <} or {@code >} on. */
final class PacketParser {
    private static final int MAX_PAYLOAD = 65_535;
    private static final int MAX_OPTIONS_LENGTH = 40;
    private static final Set<String> OTHER_PROTOCOLS = Set.of("udp", "gre", "mpls", "ipv4", "ipv6");

    private final Tokens tokens;

    PacketParser(Tokens tokens) {
        this.tokens = tokens;
    }

    Action packet() {
        boolean inbound = tokens.take().isSymbol('<');
        IpInfo ip = ipInfo();
        if (tokens.is(Kind.WORD) && OTHER_PROTOCOLS.contains(tokens.peek().text())) {
            throw new UnsupportedFeatureException(tokens.peek().text() + " packets");
        }
        if (tokens.takeIf("icmp")) {
            return icmp(inbound);
        }
        return tcp(inbound, ip);
    }

    // ---- IP

    private IpInfo ipInfo() {
        boolean brackets = tokens.is('[');
        if (!brackets && !tokens.is('(')) {
            return IpInfo.NONE;
        }
        tokens.take();
        int ecn = -1;
        int tos = -1;
        int ttl = -1;
        int flowLabel = -1;
        do {
            Token name = tokens.expect(Kind.WORD);
            switch (name.text()) {
                case "noecn" -> ecn = 0;
                case "ect1" -> ecn = 1;
                case "ect0" -> ecn = 2;
                case "ce" -> ecn = 3;
                case "ect01" -> ecn = IpInfo.ECT_0_OR_1;
                case "tos" -> tos = (int) tokens.number("a type of service", 0xFF);
                case "ttl" -> ttl = (int) tokens.number("a time to live", 0xFF);
                case "flowlabel" -> flowLabel = (int) tokens.number("a flow label", 0xFFFFF);
                default -> throw new ScriptSyntaxException(name.position(),
                    "expected noecn, ect0, ect1, ce, ect01, tos, ttl or flowlabel, found " + name.describe());
            }
        } while (tokens.takeIf(','));
        tokens.expect(brackets ? ']' : ')');
        return new IpInfo(ecn, tos, ttl, flowLabel);
    }

    // ---- ICMP

    private IcmpPacket icmp(boolean inbound) {
        if (!inbound) {
            throw new UnsupportedFeatureException("outbound icmp");
        }
        String type = tokens.expect(Kind.WORD).text();
        String code = "";
        if (tokens.is(Kind.WORD) && !isIcmpField()) {
            code = tokens.take().text();
        }
        long mtu = -1;
        while (isIcmpField()) {
            boolean isMtu = tokens.take().isWord("mtu");
            long value = tokens.number32("a number");
            mtu = isMtu ? value : mtu;
        }
        long seq = 0;
        if (tokens.takeIf('[')) {
            seq = tokens.number32("a sequence number");
            while (!tokens.takeIf(']')) {
                if (tokens.take().kind() == Kind.END) {
                    tokens.fail("']'");
                }
            }
        }
        return new IcmpPacket(type, code, mtu, seq);
    }

    private boolean isIcmpField() {
        return tokens.peek().isWord("mtu") || tokens.peek().isWord("id");
    }

    // ---- TCP

    private TcpPacket tcp(boolean inbound, IpInfo ip) {
        Position start = tokens.position();
        if (inbound && ip.ecn() == IpInfo.ECT_0_OR_1) {
            throw new ScriptSyntaxException(start, "ect01 is for packets the stack sends");
        }
        int flags = flags();
        long seq = tokens.number32("a sequence number");
        tokens.expect(':');
        Position endPosition = tokens.position();
        long end = tokens.number32("the end of the sequence range");
        tokens.expect('(');
        int length = (int) tokens.number("a payload length", MAX_PAYLOAD);
        tokens.expect(')');
        if ((seq + length & 0xFFFF_FFFFL) != end) {
            throw new ScriptSyntaxException(endPosition, "expected " + (seq + length & 0xFFFF_FFFFL)
                + ", the start plus " + length + ", found " + end);
        }
        long ack = tokens.takeIf("ack") ? tokens.number32("an acknowledgment number") : -1;
        int window = tokens.takeIf("win") ? (int) tokens.number("a window", 0xFFFF) : -1;
        int urgent = tokens.takeIf("urg") ? (int) tokens.number("an urgent pointer", 0xFFFF) : 0;
        if (inbound && window < 0) {
            tokens.fail("\"win\": a packet to inject needs a window");
        }
        List<TcpOption> options = options(inbound);
        return new TcpPacket(inbound, ip, flags, seq, length, ack, window, urgent, options);
    }

    /** Letters, dot and digit stand together, but {@code .5} is lexed as a number. */
    private int flags() {
        Position position = tokens.position();
        StringBuilder text = new StringBuilder();
        int end = -1;
        while (isFlag(tokens.peek()) && (end < 0 || tokens.peek().start() == end)) {
            Token token = tokens.take();
            text.append(token.text());
            end = token.end();
        }
        if (text.isEmpty()) {
            tokens.fail("TCP flags: letters of \".FSRPEWAU\", or \"-\" for none");
        }
        String letters = text.toString();
        if (letters.matches(".*[EWA].*[0-7]")) {
            throw new ScriptSyntaxException(position, "an ACE digit excludes the flags E, W and A");
        }
        try {
            return TcpFlags.parse(letters);
        } catch (IllegalArgumentException e) {
            throw new ScriptSyntaxException(position, e.getMessage());
        }
    }

    private static boolean isFlag(Token token) {
        return token.isSymbol('-') || token.isSymbol('.') || token.kind() == Kind.WORD
            || token.kind() == Kind.FLOAT && token.text().matches("\\.[0-7]");
    }

    private List<TcpOption> options(boolean inbound) {
        if (!tokens.is('<')) {
            return List.of();
        }
        Position position = tokens.take().position();
        if (tokens.is(Kind.ELLIPSIS)) {
            tokens.take();
            tokens.expect('>');
            if (inbound) {
                throw new ScriptSyntaxException(position, "<...> is for packets the stack sends");
            }
            return null;
        }
        List<TcpOption> options = new TcpOptionParser(tokens).options();
        int length = options.stream().mapToInt(TcpOption::wireLength).sum();
        if (length % 4 != 0 || length > MAX_OPTIONS_LENGTH) {
            throw new ScriptSyntaxException(position, "TCP options of " + length
                + " bytes (expected: a multiple of 4 up to " + MAX_OPTIONS_LENGTH + ')');
        }
        return options;
    }
}
