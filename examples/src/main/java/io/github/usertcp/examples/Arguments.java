package io.github.usertcp.examples;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The command line of the examples: {@code --port PORT}, {@code --size BYTES}, {@code --client HOST:PORT}, and the switches {@code --plain}
 * and {@code --server}, as far as a program's usage line mentions them.
 */
final class Arguments {
    private static final int EXIT_FAILURE = 1;
    private static final int EXIT_USAGE = 2;
    private static final Set<String> SWITCHES = Set.of("--plain", "--server");

    private final Map<String, String> values = new HashMap<>();
    /** The one asked for last, to name it if it cannot be had. */
    private int port;

    /** What an example does. */
    interface Program {
        void run(Arguments arguments) throws Exception;
    }

    private Arguments() {
    }

    /**
     * Runs a program: exits with 2 and the usage for an argument it does not take, with 1 and one line if it cannot bind or connect.
     */
    static void run(String usage, String[] args, Program program) {
        Arguments arguments;
        try {
            arguments = parse(usage, args);
        } catch (IllegalArgumentException e) {
            exit(EXIT_USAGE, e.getMessage() + System.lineSeparator() + "usage: " + usage);
            return;
        }
        try {
            program.run(arguments);
        } catch (ExecutionException e) {
            exit(EXIT_FAILURE, arguments.explain(e.getCause()));
        } catch (Exception e) {
            exit(EXIT_FAILURE, arguments.explain(e));
        }
    }

    private String explain(Throwable cause) {
        if (cause instanceof BindException) {
            return "cannot listen on port " + port + ": " + cause.getMessage();
        }
        return cause instanceof ConnectException ? cause.getMessage() : cause.toString();
    }

    /** @throws IllegalArgumentException naming the argument that is wrong */
    static Arguments parse(String usage, String... args) {
        Arguments arguments = new Arguments();
        for (int i = 0; i < args.length; i++) {
            String option = args[i];
            if (!option.startsWith("--") || !usage.matches(".*" + option + "\\b.*")) {
                throw new IllegalArgumentException("unknown argument: " + option);
            }
            if (!SWITCHES.contains(option) && i + 1 == args.length) {
                throw new IllegalArgumentException(option + " wants a value");
            }
            arguments.values.put(option, SWITCHES.contains(option) ? "" : args[++i]);
        }
        if (arguments.has("--server") && arguments.has("--client")) {
            throw new IllegalArgumentException("--server and --client exclude each other");
        }
        arguments.port(0);
        arguments.size(0);
        arguments.client("localhost:1");
        return arguments;
    }

    boolean has(String option) {
        return values.containsKey(option);
    }

    /** 0 to 65535; 0 takes any free one. */
    int port(int otherwise) {
        port = port("--port", values.getOrDefault("--port", String.valueOf(otherwise)));
        return port;
    }

    /** Bytes, or with a suffix K, M or G as many KiB, MiB or GiB. */
    long size(long otherwise) {
        String text = values.getOrDefault("--size", String.valueOf(otherwise));
        int unit = "KMG".indexOf(text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) + 1;
        try {
            long size = Math.multiplyExact(Long.parseLong(unit == 0 ? text : text.substring(0, text.length() - 1)), 1L << 10 * unit);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // said below
        }
        throw new IllegalArgumentException("--size: " + text + " (expected: bytes, such as 1000000 or 256M)");
    }

    /** The server a client is told to use. */
    InetSocketAddress client(String otherwise) {
        String text = values.getOrDefault("--client", otherwise);
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("--client: " + text + " (expected: HOST:PORT)");
        }
        String host = text.substring(0, colon);
        return InetSocketAddress.createUnresolved(host.replaceAll("[\\[\\]]", ""), port("--client", text.substring(colon + 1)));
    }

    private static int port(String option, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(option + ": " + text + " (expected: a port, 0 to 65535)");
    }

    private static void exit(int status, String message) {
        System.err.println(message);
        System.exit(status);
    }
}
