package io.github.usertcp.testsuite.packetdrill.run;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.testsuite.packetdrill.script.Expression;
import io.github.usertcp.testsuite.packetdrill.script.SystemCall;
import io.github.usertcp.testsuite.packetdrill.script.UnsupportedFeatureException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The system calls by name, and the script's file descriptors. */
final class SystemCalls {
    private static final int HARMLESS_FLAGS = Symbols.MSG_DONTWAIT | Symbols.MSG_NOSIGNAL;

    private static final int SEND_FLAGS =
        HARMLESS_FLAGS | Symbols.MSG_MORE | Symbols.MSG_ZEROCOPY | Symbols.MSG_EOR | Symbols.MSG_FASTOPEN;

    private final Machine machine;
    private final Map<Long, Endpoint> descriptors = new HashMap<>();
    private final Map<Endpoint, SocketOptions> socketOptions = new HashMap<>();
    /** Where a connect was under way when the next was asked for. */
    private final Set<Endpoint> connectsAgain = new HashSet<>();

    SystemCalls(Machine machine) {
        this.machine = machine;
    }

    /** What to try until it gives an outcome, which may be at once. */
    Supplier<Outcome> prepare(SystemCall call) {
        List<Expression> arguments = call.arguments();
        return switch (call.name()) {
            case "socket" -> () -> socket(call);
            case "bind" -> () -> endpoint(arguments).bind(address(arguments, machine.options().bindPort, true));
            case "listen" -> () -> endpoint(arguments).listen((int) Symbols.value(arguments.get(1)));
            case "accept" -> () -> accept(call);
            case "connect" -> () -> connect(call);
            case "read" -> () -> endpoint(arguments).read(Symbols.value(arguments.get(2)));
            case "recv", "recvfrom" -> reading(arguments);
            case "write" -> writing(call, Symbols.value(arguments.get(2)), 0);
            case "send", "sendto" -> writing(call, Symbols.value(arguments.get(2)), Symbols.value(arguments.get(3)));
            case "sendmsg" -> writing(call, messageLength(arguments.get(1)), Symbols.value(arguments.get(2)));
            case "writev" -> writing(call, vectorLength(arguments.get(1)), 0);
            case "shutdown" -> () -> shutdown(arguments);
            case "close" -> () -> close(arguments);
            case "fcntl" -> () -> fcntl(arguments);
            case "ioctl" -> () -> ioctl(arguments);
            case "getsockopt" -> () -> options(endpoint(arguments)).get(arguments.get(2), arguments.get(3));
            case "setsockopt" -> () -> options(endpoint(arguments)).set(arguments.get(2), arguments.get(3));
            case "poll" -> new Polling(this, machine.loop(), arguments);
            default -> throw new UnsupportedFeatureException(call.name() + "()");
        };
    }

    /** Whether a call that gives no outcome at once returns EAGAIN, or EINPROGRESS, instead of waiting. */
    Outcome wouldBlock(SystemCall call) {
        boolean dontWait = call.arguments().size() > 3 && List.of("send", "recv", "sendto", "recvfrom").contains(call.name())
            && (Symbols.value(call.arguments().get(3)) & Symbols.MSG_DONTWAIT) != 0;
        Endpoint endpoint = call.name().equals("poll") ? null : endpoint(call.arguments());
        if (endpoint == null || !endpoint.nonBlocking && !dontWait) {
            return null;
        }
        return switch (call.name()) {
            case "connect" -> Outcome.error(connectsAgain.remove(endpoint) ? "EALREADY" : "EINPROGRESS");
            case "close" -> Outcome.of(0);
            default -> Outcome.error("EAGAIN");
        };
    }

    Endpoint endpoint(long descriptor) {
        Endpoint endpoint = descriptors.get(descriptor);
        if (endpoint == null) {
            throw new ScriptFailure("no socket " + descriptor);
        }
        return endpoint;
    }

    private Endpoint endpoint(List<Expression> arguments) {
        return endpoint(Symbols.value(arguments.get(0)));
    }

    private SocketOptions options(Endpoint endpoint) {
        return socketOptions.computeIfAbsent(endpoint, SocketOptions::new);
    }

    void closeAll() {
        List.copyOf(descriptors.values()).forEach(Endpoint::close);
        descriptors.clear();
    }

    // ---- opening

    private Outcome socket(SystemCall call) {
        Expression type = call.arguments().get(1);
        long flags = Symbols.value(type);
        if ((flags & 0xF) != 1) {
            throw new UnsupportedFeatureException("socket type other than SOCK_STREAM");
        }
        Endpoint endpoint = machine.newEndpoint();
        endpoint.nonBlocking = (flags & Symbols.O_NONBLOCK) != 0;
        return named(call, endpoint);
    }

    /** The script's number for a new socket is its name from now on. */
    private Outcome named(SystemCall call, Endpoint endpoint) {
        long name = Symbols.value(call.result());
        if (name >= 0) {
            descriptors.put(name, endpoint);
        }
        return Outcome.of(name < 0 ? descriptors.size() : name);
    }

    private Outcome accept(SystemCall call) {
        Endpoint listener = endpoint(call.arguments());
        if (!listener.isListening()) {
            return Outcome.error("EINVAL");
        }
        Endpoint child = listener.accept();
        if (child == null) {
            return null;
        }
        machine.accepted(child);
        return named(call, child);
    }

    private Outcome connect(SystemCall call) {
        Endpoint endpoint = endpoint(call.arguments());
        machine.connects(endpoint);
        if (endpoint.isConnecting()) {
            connectsAgain.add(endpoint);
        }
        Expression address = call.arguments().get(1);
        boolean unspecified = isUnspecified(address)
            || address instanceof Expression.Structure structure && isUnspecified(structure.field("sa_family"));
        return unspecified ? endpoint.disconnect() : endpoint.connect(address(call.arguments(), machine.options().connectPort, false));
    }

    private InetSocketAddress address(List<Expression> arguments, int port, boolean local) {
        RunOptions options = machine.options();
        if (arguments.get(1) instanceof Expression.Structure structure) {
            return explicitAddress(structure, port, local);
        }
        return new InetSocketAddress((local ? options.local() : options.remote()).toInetAddress(), port);
    }

    private static boolean isUnspecified(Expression expression) {
        return expression instanceof Expression.Name name && name.name().equals("AF_UNSPEC");
    }

    /** {@code {sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr("...")}}, if it is what dots would have meant. */
    private InetSocketAddress explicitAddress(Expression.Structure structure, int port, boolean local) {
        Expression portField = structure.field("sin_port") != null ? structure.field("sin_port") : structure.field("sin6_port");
        boolean samePort = portField instanceof Expression.Function htons && Symbols.value(htons.arguments().get(0)) == port;
        Expression host = structure.field("sin_addr");
        IpAddress expected = local ? machine.options().local() : machine.options().remote();
        boolean sameHost = host instanceof Expression.Function address && address.arguments().get(0) instanceof Expression.Text text
            && (IpAddress.parse(text.value()).equals(expected) || IpAddress.parse(text.value()).isAny() && local);
        if (!samePort || !sameHost) {
            throw new UnsupportedFeatureException("explicit addresses");
        }
        return new InetSocketAddress(expected.toInetAddress(), port);
    }

    // ---- moving bytes

    private Supplier<Outcome> reading(List<Expression> arguments) {
        long flags = Symbols.value(arguments.get(3));
        long length = Symbols.value(arguments.get(2));
        allow(flags, HARMLESS_FLAGS | Symbols.MSG_TRUNC | Symbols.MSG_PEEK | Symbols.MSG_WAITALL, "recv");
        if ((flags & Symbols.MSG_PEEK) != 0) {
            return () -> endpoint(arguments).peek(length);
        }
        return (flags & Symbols.MSG_WAITALL) != 0 ? readingAll(arguments, length) : () -> endpoint(arguments).read(length);
    }

    /** MSG_WAITALL: less only at the end of the stream, or where it would have to wait and must not. */
    private Supplier<Outcome> readingAll(List<Expression> arguments, long length) {
        long[] bytes = {0};
        return () -> {
            Endpoint endpoint = endpoint(arguments);
            Outcome outcome = endpoint.read(length - bytes[0]);
            while (outcome != null && outcome.value() > 0 && bytes[0] + outcome.value() < length) {
                bytes[0] += outcome.value();
                outcome = endpoint.read(length - bytes[0]);
            }
            if (outcome == null) {
                return endpoint.nonBlocking && bytes[0] > 0 ? Outcome.of(bytes[0]) : null;
            }
            return outcome.value() > 0 ? Outcome.of(bytes[0] + outcome.value()) : bytes[0] > 0 ? Outcome.of(bytes[0]) : outcome;
        };
    }

    /** A blocking write waits until everything is in the send buffer; one that doesn't block takes what has room. */
    private Supplier<Outcome> writing(SystemCall call, long length, long flags) {
        allow(flags, SEND_FLAGS, "send");
        Endpoint endpoint = endpoint(call.arguments());
        if ((flags & Symbols.MSG_FASTOPEN) != 0) {
            return fastOpening(call, endpoint, length);
        }
        if (endpoint.deferredTo() != null) {
            return new FastOpenCall(endpoint, endpoint.deferredTo(), length, call.isBlocking());
        }
        boolean more = (flags & Symbols.MSG_MORE) != 0;
        long[] written = {0};
        boolean[] waited = {false};
        return () -> {
            Outcome outcome = endpoint.write(length - written[0], more, waited[0]);
            if (outcome == null || !outcome.errno().isEmpty()) {
                waited[0] = true;
                boolean partial = written[0] > 0 && (outcome != null || !call.isBlocking());
                return partial ? Outcome.of(written[0]) : outcome;
            }
            written[0] += outcome.value();
            boolean done = written[0] == length || !call.isBlocking();
            waited[0] = !done;
            return done ? Outcome.of(written[0]) : null;
        };
    }

    /** With MSG_FASTOPEN. */
    private Supplier<Outcome> fastOpening(SystemCall call, Endpoint endpoint, long length) {
        boolean unspecified = call.name().equals("sendto") && call.arguments().get(4) instanceof Expression.Structure address
            && address.field("sa_family") instanceof Expression.Name family && family.name().equals("AF_UNSPEC");
        if (unspecified) {
            return () -> Outcome.error("EOPNOTSUPP");
        }
        machine.connects(endpoint);
        RunOptions options = machine.options();
        InetSocketAddress remote = new InetSocketAddress(options.remote().toInetAddress(), options.connectPort);
        return new FastOpenCall(endpoint, remote, length, call.isBlocking());
    }

    private static void allow(long flags, long known, String call) {
        if ((flags & ~known) != 0) {
            throw new UnsupportedFeatureException(call + " flags 0x" + Long.toHexString(flags & ~known));
        }
    }

    private static long messageLength(Expression message) {
        if (!(message instanceof Expression.Structure structure)) {
            throw new UnsupportedFeatureException("sendmsg without msghdr");
        }
        for (Expression item : structure.items()) {
            if (item instanceof Expression.Field field && field.name().equals("msg_iov")) {
                return vectorLength(field.value());
            }
        }
        throw new ScriptFailure("sendmsg without msg_iov");
    }

    /** The lengths in {@code [{..., 100}, {..., 200}]}. */
    private static long vectorLength(Expression vector) {
        if (!(vector instanceof Expression.ListOf list)) {
            throw new ScriptFailure("expected a list of buffers");
        }
        return list.items().stream().mapToLong(item -> {
            List<Expression> fields = ((Expression.Structure) item).items();
            return Symbols.value(fields.get(fields.size() - 1));
        }).sum();
    }

    // ---- the rest

    private Outcome shutdown(List<Expression> arguments) {
        long how = Symbols.value(arguments.get(1));
        return endpoint(arguments).shutdown(how != 1, how != 0);
    }

    private Outcome close(List<Expression> arguments) {
        Outcome outcome = endpoint(arguments).close();
        if (outcome != null) {
            descriptors.remove(Symbols.value(arguments.get(0)));
        }
        return outcome;
    }

    private Outcome fcntl(List<Expression> arguments) {
        Endpoint endpoint = endpoint(arguments);
        switch (Symbols.name(arguments.get(1))) {
            case "F_GETFL" -> {
                return Outcome.of(Symbols.O_RDWR | (endpoint.nonBlocking ? Symbols.O_NONBLOCK : 0));
            }
            case "F_SETFL" -> endpoint.nonBlocking = (Symbols.value(arguments.get(2)) & Symbols.O_NONBLOCK) != 0;
            default -> throw new UnsupportedFeatureException("fcntl " + Symbols.name(arguments.get(1)));
        }
        return Outcome.of(0);
    }

    private Outcome ioctl(List<Expression> arguments) {
        Endpoint endpoint = endpoint(arguments);
        String request = Symbols.name(arguments.get(1));
        long value = switch (request) {
            case "SIOCINQ", "FIONREAD" -> endpoint.readableBytes();
            case "SIOCOUTQ" -> endpoint.info() == null ? 0 : endpoint.info().unacked() + endpoint.info().notsentBytes();
            default -> throw new UnsupportedFeatureException("ioctl " + request);
        };
        long wanted = Symbols.value(arguments.get(2));
        if (value != wanted) {
            throw new ScriptFailure("ioctl " + request + ": expected " + wanted + ", was " + value);
        }
        return Outcome.of(0);
    }
}
