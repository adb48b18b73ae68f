package io.github.usertcp.channel;

import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.link.UdpLink;
import io.github.usertcp.stack.TcpStack;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * The stacks that client channels share if they were not given one: one UDP socket per event loop and source
 * address, which is nearly always the wildcard of one address family. Opened by the first connect, closed with
 * the event loop. This is the library's only mutable static; nothing in it is ever seen by another thread.
 */
final class ClientStacks {
    private static final FastThreadLocal<Map<Key, Future<TcpStack>>> STACKS = new FastThreadLocal<>() {
        @Override
        protected Map<Key, Future<TcpStack>> initialValue() {
            return new HashMap<>();
        }
    };

    /** The event loop is part of it because one thread may drive several. */
    private record Key(EventLoop loop, IpAddress local) {
    }

    private ClientStacks() {
    }

    /** On the event loop that the stack is for. Fails with what the operating system says about the address. */
    static Future<TcpStack> open(EventLoop loop, IpAddress local) {
        Map<Key, Future<TcpStack>> stacks = STACKS.get();
        Key key = new Key(loop, local);
        Future<TcpStack> known = stacks.get(key);
        if (known != null) {
            return known;
        }
        Future<TcpStack> opening = TcpStack.builder().link(UdpLink.bind(new InetSocketAddress(local.toInetAddress(), 0))).open(loop);
        stacks.put(key, opening);
        opening.addListener((Future<TcpStack> opened) -> {
            if (opened.isSuccess()) {
                opened.getNow().closeFuture().addListener(closed -> stacks.remove(key, opening));
            } else {
                stacks.remove(key, opening);
            }
        });
        return opening;
    }
}
