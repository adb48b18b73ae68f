package io.github.usertcp.testsuite.benchmark;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Netty's QUIC at its best here: UDP_SEGMENT and UDP_GRO on, windows as large as a megabyte of stream data likes
 * them. A connection is a QUIC connection with one bidirectional stream; all clients share one UDP socket.
 */
final class QuicTransport implements Transport {
    private static final String PROTOCOL = "usertcp-benchmark";
    private static final long WINDOW_BYTES = 16 << 20;
    /** What one sendmsg of UDP_SEGMENT takes on every kernel that has it. */
    private static final int MAX_SEGMENTS = 64;
    private static final int MAX_DATAGRAM_BYTES = 65_535;

    private Loops loops;
    private final X509Bundle certificate;
    private Channel serverSocket;
    private Channel clientSocket;

    QuicTransport() {
        try {
            certificate = new CertificateBuilder().subject("CN=localhost").ecp256().setIsCertificateAuthority(true).buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    @Override
    public String name() {
        return "Netty QUIC";
    }

    @Override
    public boolean hasConnections() {
        return true;
    }

    @Override
    public void listen(Loops newLoops, Supplier<ChannelHandler> childHandler) {
        loops = newLoops;
        ChannelHandler serverCodec = configure(new QuicServerCodecBuilder())
            .sslContext(QuicSslContextBuilder.forServer(certificate.getKeyPair().getPrivate(), null, certificate.getCertificatePath())
                .applicationProtocols(PROTOCOL).build())
            .initialMaxStreamsBidirectional(1)
            .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
            .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments())
            .handler(new ChannelInboundHandlerAdapter() {
                @Override
                public boolean isSharable() {
                    return true;
                }
            })
            .streamHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel stream) {
                    stream.pipeline().addLast(childHandler.get());
                }
            }).build();
        ChannelHandler clientCodec = configure(new QuicClientCodecBuilder())
            .sslContext(QuicSslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols(PROTOCOL).build())
            .build();
        serverSocket = open(loops.server(), serverCodec);
        clientSocket = open(loops.client(), clientCodec);
    }

    private static <B extends QuicCodecBuilder<B>> B configure(B builder) {
        return builder.maxIdleTimeout(1, TimeUnit.MINUTES).initialMaxData(WINDOW_BYTES)
            .initialMaxStreamDataBidirectionalLocal(WINDOW_BYTES).initialMaxStreamDataBidirectionalRemote(WINDOW_BYTES);
    }

    private static SegmentedDatagramPacketAllocator segments() {
        return EpollQuicUtils.newSegmentedAllocator(MAX_SEGMENTS);
    }

    private static Channel open(EventLoop loop, ChannelHandler codec) {
        return new Bootstrap().group(loop).channel(EpollDatagramChannel.class).handler(codec)
            .option(EpollChannelOption.UDP_GRO, true)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES).maxMessagesPerRead(16))
            .bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0)).syncUninterruptibly().channel();
    }

    @Override
    public Future<Channel> connect(ChannelHandler handler) {
        Promise<Channel> promise = loops.client().newPromise();
        QuicChannel.newBootstrap(clientSocket).handler(new ChannelInboundHandlerAdapter())
            .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments())
            .remoteAddress(serverSocket.localAddress()).connect().addListener((Future<QuicChannel> connected) -> {
                if (connected.isSuccess()) {
                    openStream(connected.getNow(), handler, promise);
                } else {
                    promise.setFailure(connected.cause());
                }
            });
        return promise;
    }

    private static void openStream(QuicChannel connection, ChannelHandler handler, Promise<Channel> promise) {
        connection.createStream(QuicStreamType.BIDIRECTIONAL, handler).addListener((Future<QuicStreamChannel> opened) -> {
            if (opened.isSuccess()) {
                promise.setSuccess(opened.getNow());
            } else {
                connection.close();
                promise.setFailure(opened.cause());
            }
        });
    }

    @Override
    public void disconnect(Channel stream) {
        stream.parent().close();
    }

    @Override
    public void close() {
        clientSocket.close().syncUninterruptibly();
        serverSocket.close().syncUninterruptibly();
    }
}
