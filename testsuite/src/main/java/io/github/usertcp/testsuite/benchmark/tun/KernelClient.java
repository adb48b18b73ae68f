package io.github.usertcp.testsuite.benchmark.tun;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.ObjDoubleConsumer;

/** A client on the kernel's TCP, which is who measures. It is written in Python: most of its time is the kernel's. */
final class KernelClient {
    /** Arguments: address, port, work, bytes for which the server says one, seconds. Prints MB/s or microseconds. */
    private static final String PROGRAM = """
        import socket, struct, sys, time
        address, port, work, unit = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode(), int(sys.argv[4])
        duration = float(sys.argv[5])
        s = socket.create_connection((address, port), 10)
        s.settimeout(None)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for timeout in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO): # for who stops in the middle
            s.setsockopt(socket.SOL_SOCKET, timeout, struct.pack('ll', 0, 100_000))
        buffer, block, message, times = bytearray(1 << 20), bytes(unit), bytes(64), []

        def receive(flags=0):
            try:
                n = s.recv_into(buffer, 0, flags)
            except BlockingIOError:
                return 0
            if n == 0:
                sys.exit('the server has closed the connection')
            return n

        def send():
            try:
                s.send(block)
            except BlockingIOError:
                pass
            return receive(socket.MSG_DONTWAIT) * unit

        def ping_pong():
            before, got = time.perf_counter_ns(), 0
            s.sendall(message)
            while got < len(message):
                got += receive()
            times.append(time.perf_counter_ns() - before)
            return got

        step = {b'D': receive, b'U': send, b'P': ping_pong}[work]
        s.sendall(work)
        count, start = 0, time.monotonic()
        while time.monotonic() < start + duration:
            count += step()
        elapsed = time.monotonic() - start
        print(sorted(times)[len(times) // 2] / 1e3 if times else count / elapsed / 1e6)
        """;

    private KernelClient() {
    }

    /** Runs a client in a namespace. */
    static void measure(NetworkNamespace from, InetSocketAddress server, Work work, Duration duration, ObjDoubleConsumer<Figure> results)
        throws IOException, InterruptedException {
        String measured = from.programs().run(duration, "python3", "-c", PROGRAM, server.getHostString(), String.valueOf(server.getPort()),
            String.valueOf(work.letter()), String.valueOf(Work.UNIT), String.valueOf(duration.toMillis() / 1e3));
        work.report(Double.parseDouble(measured), results);
    }
}
