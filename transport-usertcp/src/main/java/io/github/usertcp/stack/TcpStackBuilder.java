package io.github.usertcp.stack;

import io.github.usertcp.tcp.InitialNumbers;
import io.github.usertcp.tcp.SipHash;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.security.SecureRandom;
import java.util.Objects;

/** Collects what a stack is made of. Not thread-safe; may open several stacks. */
public final class TcpStackBuilder {
    TcpConfig config = TcpConfig.defaults();
    TcpStackConfig stackConfig = TcpStackConfig.defaults();
    InitialNumbers numbers;
    private LinkProvider provider;
    private SipHash hashing;

    TcpStackBuilder() {
    }

    /** Required: where segments go. */
    public TcpStackBuilder link(LinkProvider value) {
        provider = Objects.requireNonNull(value, "link");
        return this;
    }

    /** Default: {@link TcpConfig#defaults()}. */
    public TcpStackBuilder config(TcpConfig value) {
        config = Objects.requireNonNull(value, "config");
        return this;
    }

    /** Default: {@link TcpStackConfig#defaults()}. */
    public TcpStackBuilder stackConfig(TcpStackConfig value) {
        stackConfig = Objects.requireNonNull(value, "stackConfig");
        return this;
    }

    /** Default: keyed by a secret of the stack's own, from {@code SecureRandom}. */
    public TcpStackBuilder initialNumbers(InitialNumbers value) {
        numbers = Objects.requireNonNull(value, "initialNumbers");
        return this;
    }

    /**
     * The secret that decides about hash tables, ephemeral ports and, unless set otherwise, initial numbers. Default: a new
     * one from {@code SecureRandom} for each stack; anything else is for simulations that have to run twice the same way.
     */
    public TcpStackBuilder secret(SipHash value) {
        hashing = Objects.requireNonNull(value, "secret");
        return this;
    }

    /**
     * Opens the link and the stack on it. Any thread. The future fails with what the link's opening failed with. A link that
     * cannot live on that loop, such as a TUN device on one without epoll, brings its own: see {@link TcpStack#eventLoop()}.
     *
     * @throws IllegalStateException  without a link
     */
    public Future<TcpStack> open(EventLoop loop) {
        if (provider == null) {
            throw new IllegalStateException("link: null (expected: where the stack's segments go)");
        }
        Arrivals arrivals = new Arrivals();
        SipHash secret = hashing != null ? hashing : randomSecret();
        Promise<TcpStack> opened = loop.newPromise();
        provider.open(loop, arrivals).addListener((Future<Link> link) -> {
            if (!link.isSuccess()) {
                opened.tryFailure(link.cause());
                return;
            }
            EventLoop linkLoop = link.getNow().eventLoop(); // another one, if the link cannot live on this one
            if (linkLoop.inEventLoop()) {
                build(secret, link.getNow(), arrivals, opened);
            } else {
                linkLoop.execute(() -> build(secret, link.getNow(), arrivals, opened));
            }
        });
        return opened;
    }

    private void build(SipHash secret, Link link, Arrivals arrivals, Promise<TcpStack> opened) {
        TcpStack stack = new TcpStack(this, secret, link);
        arrivals.deliverTo(stack);
        if (!opened.trySuccess(stack)) {
            stack.close(); // cancelled meanwhile
        }
    }

    private static SipHash randomSecret() {
        SecureRandom random = new SecureRandom();
        return new SipHash(random.nextLong(), random.nextLong());
    }
}
