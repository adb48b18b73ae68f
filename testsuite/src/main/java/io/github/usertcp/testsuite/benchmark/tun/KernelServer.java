package io.github.usertcp.testsuite.benchmark.tun;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A server on the kernel's TCP. It is written in Python: most of its time is the kernel's. */
final class KernelServer {
    /** Arguments: address, bytes for which it says one. Prints its port. */
    private static final String PROGRAM = """
        import socket, sys, threading
        unit = int(sys.argv[2])

        def serve(s):
            work, buffer, count = s.recv(1), bytearray(1 << 20), 0
            try:
                while work == b'D':
                    s.sendall(buffer)
                for n in iter(lambda: s.recv_into(buffer), 0):
                    if work == b'P':
                        s.sendall(memoryview(buffer)[:n])
                    else:
                        count += n
                        s.sendall(bytes(count // unit))
                        count %= unit
            except OSError:
                pass # the client has left
            s.close()

        listener = socket.create_server((sys.argv[1], 0))
        print(listener.getsockname()[1], flush=True)
        while True:
            s = listener.accept()[0]
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(s,), daemon=True).start()
        """;

    private KernelServer() {
    }

    /** Starts a server, which is one of those programs from then on, and listens on its address. */
    static InetSocketAddress start(Programs programs, String address) throws IOException {
        Process server = programs.start("python3", "-c", PROGRAM, address, String.valueOf(Work.UNIT));
        String port = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (port == null || !port.matches("\\d+")) {
            throw new IOException("no server on " + address + ": " + port);
        }
        return new InetSocketAddress(address, Integer.parseInt(port));
    }
}
