package io.github.usertcp.channel;

import io.github.usertcp.stack.FastOpenKeys;
import io.github.usertcp.stack.TcpListener;
import io.github.usertcp.tcp.TcpConfig;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.NetUtil;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The options of a {@link UserTcpServerSocketChannel}: Netty's own, those of NIO and epoll server socket
 * channels, and {@link UserTcpChannelOption}. Options of connections, SO_RCVBUF and TCP_MAXSEG for
 * example, are where accepted connections start from, as in Linux; what is negotiated in the handshake can
 * only be set here, because a child option comes after it. Those set after {@code bind()} have no effect.
 *
 * <p>EpollChannelOption.SO_REUSEPORT lets several channels, each on an event loop of its own, bind to one port,
 * and the kernel share out the peers among them. SO_REUSEADDR is read back as set but has no effect: a port is
 * free as soon as its last connection has ended.
 *
 * <p>TCP_FASTOPEN, TCP_FASTOPEN_KEY and TCP_FASTOPEN_NO_COOKIE take effect at any time. With TCP_FASTOPEN above 0, the length of the queue
 * of pending connections, a SYN with data and a valid cookie makes an accepted channel at once, which reads the data and may answer before
 * the handshake is over (RFC 7413). The application must bear to see such a request twice.
 */
public final class UserTcpServerSocketChannelConfig extends DefaultChannelConfig implements ServerSocketChannelConfig {
    private final UserTcpServerSocketChannel channel;
    private final AtomicReference<TcpConfig> settings;
    private volatile int backlog = NetUtil.SOMAXCONN;
    /** -1 for what the stack gives every listener, see {@link io.github.usertcp.stack.FastOpenConfig#everyListener()}. */
    private volatile int fastOpen = -1;
    private volatile FastOpenKeys fastOpenKeys;
    private volatile boolean reuseAddress = true;
    private volatile boolean reusePort;
    private volatile boolean allPorts;

    UserTcpServerSocketChannelConfig(UserTcpServerSocketChannel channel, TcpConfig settings) {
        super(channel, new ServerChannelRecvByteBufAllocator());
        this.channel = channel;
        this.settings = new AtomicReference<>(settings);
    }

    /** What of Fast Open is set, for the listener. On its stack's event loop. */
    void applyFastOpen(TcpListener listener) {
        if (fastOpen >= 0) {
            listener.fastOpen(fastOpen);
        }
        listener.fastOpenWithoutCookie(settings().fastOpenWithoutCookie());
        if (fastOpenKeys != null) {
            listener.fastOpenKeys(fastOpenKeys);
        }
    }

    /** Where accepted connections start from. */
    TcpConfig settings() {
        return settings.get();
    }

    boolean isReusePort() {
        return reusePort;
    }

    boolean isAllPorts() {
        return allPorts;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        Map<ChannelOption<?>, Object> options = getOptions(
            super.getOptions(), ChannelOption.SO_BACKLOG, ChannelOption.SO_REUSEADDR, ChannelOption.TCP_FASTOPEN,
            UserTcpChannelOption.TCP_FASTOPEN_KEY, UserTcpChannelOption.ALL_PORTS);
        for (Setting<?> setting : Setting.all()) {
            options.put(setting.option(), setting.reader().apply(settings()));
        }
        return options;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        Setting<?> setting = Setting.of(option);
        if (setting != null) {
            return (T) setting.reader().apply(settings());
        }
        return switch (Setting.simpleName(option)) {
            case "SO_BACKLOG" -> (T) Integer.valueOf(backlog);
            case "SO_REUSEADDR" -> (T) Boolean.valueOf(reuseAddress);
            case "SO_REUSEPORT" -> (T) Boolean.valueOf(reusePort);
            case "ALL_PORTS" -> (T) Boolean.valueOf(allPorts);
            case "TCP_FASTOPEN" -> (T) Integer.valueOf(Math.max(0, fastOpen));
            case "TCP_FASTOPEN_KEY" -> (T) fastOpenKeys;
            default -> super.getOption(option);
        };
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        Setting<?> setting = Setting.of(option);
        if (setting != null) {
            change(setting, value);
            return true;
        }
        switch (Setting.simpleName(option)) {
            case "SO_BACKLOG" -> setBacklog((Integer) value);
            case "SO_REUSEADDR" -> setReuseAddress((Boolean) value);
            case "SO_REUSEPORT" -> reusePort = (Boolean) value;
            case "ALL_PORTS" -> allPorts = (Boolean) value;
            case "TCP_FASTOPEN" -> {
                fastOpen = (int) Setting.check("TCP_FASTOPEN", (Integer) value, 0, Integer.MAX_VALUE);
                channel.fastOpenChanged();
            }
            case "TCP_FASTOPEN_KEY" -> {
                fastOpenKeys = (FastOpenKeys) value;
                channel.fastOpenChanged();
            }
            default -> {
                return super.setOption(option, value);
            }
        }
        return true;
    }

    private void change(Setting<?> setting, Object value) {
        settings.updateAndGet(current -> setting.write(current, value));
        if (setting.option() == UserTcpChannelOption.TCP_FASTOPEN_NO_COOKIE) {
            channel.fastOpenChanged();
        }
    }

    @Override
    public int getBacklog() {
        return backlog;
    }

    /** Established connections that may wait to be accepted; the stack has an upper bound of its own. Default: the system's somaxconn. */
    @Override
    public UserTcpServerSocketChannelConfig setBacklog(int backlog) {
        this.backlog = (int) Setting.check("SO_BACKLOG", backlog, 0, Integer.MAX_VALUE);
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return reuseAddress;
    }

    @Override
    public UserTcpServerSocketChannelConfig setReuseAddress(boolean reuseAddress) {
        this.reuseAddress = reuseAddress;
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return settings().receiveBufferBytes();
    }

    @Override
    public UserTcpServerSocketChannelConfig setReceiveBufferSize(int bytes) {
        change(Setting.of(ChannelOption.SO_RCVBUF), bytes);
        return this;
    }

    /** Does nothing, as on every platform known. */
    @Override
    public UserTcpServerSocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }

    @Override
    public UserTcpServerSocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public UserTcpServerSocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public UserTcpServerSocketChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public UserTcpServerSocketChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public UserTcpServerSocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public UserTcpServerSocketChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public UserTcpServerSocketChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    public UserTcpServerSocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public UserTcpServerSocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    @Deprecated
    public UserTcpServerSocketChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Override
    @Deprecated
    public UserTcpServerSocketChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }
}
