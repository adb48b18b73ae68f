package io.github.usertcp.testsuite.packetdrill.script;

import io.github.usertcp.testsuite.packetdrill.script.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a script: its options, commands around it, and events. Packets and system calls have parsers of their own. */
public final class Parser {
    private static final BigDecimal MICROS_PER_SECOND = BigDecimal.valueOf(1_000_000);

    private final String file;
    private final String text;
    private final Tokens tokens;

    private Parser(String file, String text, Map<String, String> defines) {
        this.file = file;
        this.text = text;
        tokens = new Tokens(new Lexer(file, text, new LinkedHashMap<>(defines)).tokens());
    }

    /**
     * Reads a script.
     *
     * @param file     its name, for messages
     * @param defines  symbols and what they stand for, from the command line; they win over the script's own
     * @throws ScriptSyntaxException        if it is not packetdrill
     * @throws UnsupportedFeatureException  if it uses a part of the language that this runner doesn't know
     */
    public static Script parse(String file, String text, Map<String, String> defines) {
        return new Parser(file, text, defines).script();
    }

    private Script script() {
        List<ScriptOption> options = new ArrayList<>();
        while (tokens.is(Kind.OPTION)) {
            Token token = tokens.take();
            options.add(ScriptOption.parse(token.text(), token.position()));
        }
        ShellCommand initial = tokens.is(Kind.BACKQUOTED) ? command() : null;
        List<Event> events = new ArrayList<>();
        do {
            events.add(event());
        } while (!tokens.is(Kind.END) && !tokens.is(Kind.BACKQUOTED));
        ShellCommand cleanup = tokens.is(Kind.BACKQUOTED) ? command() : null;
        if (!tokens.is(Kind.END)) {
            tokens.fail(Kind.END.description);
        }
        checkOrder(events);
        return new Script(file, text.lines().toList(), List.copyOf(options), initial, List.copyOf(events), cleanup);
    }

    private ShellCommand command() {
        Token token = tokens.take();
        return new ShellCommand(token.position(), token.text());
    }

    private Event event() {
        Position position = tokens.position();
        EventTime time = time();
        Event event = new Event(position, time, action(time));
        if (!event.isOutboundPacket() && (time.any() || time.isRange())) {
            throw new ScriptSyntaxException(position, "only a packet the stack sends can have "
                + (time.any() ? "any time" : "a range of times"));
        }
        return event;
    }

    private Action action(EventTime time) {
        return switch (tokens.peek().kind()) {
            case BACKQUOTED -> command();
            case CODE -> {
                Token token = tokens.take();
                yield new Code(token.position(), token.text());
            }
            case ELLIPSIS -> {
                Position position = tokens.take().position();
                tokens.takeIf('+');
                long end = micros();
                if (end < time.micros()) {
                    throw new ScriptSyntaxException(position, "the call returns before it starts");
                }
                yield new CallParser(tokens).call(end);
            }
            case WORD -> new CallParser(tokens).call(-1);
            default -> {
                if (!tokens.is('<') && !tokens.is('>')) {
                    tokens.fail("a packet, a system call, a command or a code block");
                }
                yield new PacketParser(tokens).packet();
            }
        };
    }

    private EventTime time() {
        if (tokens.takeIf('*')) {
            return EventTime.ANY;
        }
        boolean relative = tokens.takeIf('+');
        if (!relative && !tokens.is(Kind.INTEGER) && !tokens.is(Kind.FLOAT)) {
            tokens.fail("the time of an event");
        }
        long start = micros();
        long end = start;
        if (tokens.takeIf('~')) {
            Position position = tokens.position();
            if (tokens.takeIf('+') != relative) {
                throw new ScriptSyntaxException(position, "expected both ends of the range to be " + (relative ? "relative" : "absolute"));
            }
            end = micros();
            if (end < start) {
                throw new ScriptSyntaxException(position, "the range ends before it starts");
            }
        }
        return new EventTime(start, end, relative, false);
    }

    private long micros() {
        Token token = tokens.is(Kind.INTEGER) || tokens.is(Kind.FLOAT) ? tokens.take() : tokens.fail("seconds");
        BigDecimal seconds = new BigDecimal(token.text());
        if (seconds.signum() < 0) {
            throw new ScriptSyntaxException(token.position(), "negative time " + token.text());
        }
        return seconds.multiply(MICROS_PER_SECOND).longValue();
    }

    private static void checkOrder(List<Event> events) {
        long last = 0;
        for (int i = 0; i < events.size(); i++) {
            EventTime time = events.get(i).time();
            if (i == 0 && !time.any() && time.micros() != 0) {
                throw new ScriptSyntaxException(events.get(i).position(), "the first event must be at time 0");
            }
            if (!time.relative() && !time.any()) {
                if (time.micros() < last) {
                    throw new ScriptSyntaxException(events.get(i).position(), "time goes backwards");
                }
                last = time.micros();
            }
        }
    }
}
