package io.github.usertcp.channel;

import io.github.usertcp.tcp.TcpConfig;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The options of a {@link UserTcpSocketChannel}: Netty's own, those of NIO and epoll socket channels, and
 * {@link UserTcpChannelOption}. Any thread may read and set them; a live connection follows as soon as its event loop has the turn.
 *
 * <p>With no effect, because there is nothing in user space they could change, but read back as set: SO_REUSEADDR and
 * IP_BIND_ADDRESS_NO_PORT.
 *
 * <p>TCP_FASTOPEN_CONNECT is as in Netty's epoll transport: what is written before {@code connect()}, flushed or not, goes with the SYN as
 * far as it fits, if the server has given a cookie before, and then {@code connect()} has succeeded once the SYN has left; the server may
 * still refuse, which the channel then learns as from any reset. To other servers the SYN asks for a cookie, and the data follows the
 * handshake. What is on the SYN may reach the server's application twice (RFC 7413 section 2.1).
 *
 * <p>What is negotiated when connecting (TCP_TIMESTAMPS, TCP_SACK, the window scale that follows from SO_RCVBUF) stays as negotiated.
 */
public final class UserTcpSocketChannelConfig extends DefaultChannelConfig implements SocketChannelConfig {
    /** As {@link TcpConfig#defaults()}, but without Nagle's algorithm, because Netty's channels are. */
    static final TcpConfig DEFAULT_SETTINGS = TcpConfig.defaults().withoutNagle();

    private static final int MAX_LINGER_SECONDS = 65_535;

    private final UserTcpSocketChannel channel;
    private final AtomicReference<TcpConfig> settings;
    private volatile int soLinger = -1;
    private volatile int zeroCopyThreshold = 4096;
    private volatile boolean reuseAddress;
    private volatile boolean bindAddressNoPort;
    private volatile boolean allowHalfClosure;

    UserTcpSocketChannelConfig(UserTcpSocketChannel channel, TcpConfig settings) {
        super(channel);
        this.channel = channel;
        this.settings = new AtomicReference<>(settings);
    }

    /** What the connection runs by. */
    TcpConfig settings() {
        return settings.get();
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        Map<ChannelOption<?>, Object> options = getOptions(super.getOptions(), ChannelOption.SO_LINGER, ChannelOption.SO_REUSEADDR,
            ChannelOption.ALLOW_HALF_CLOSURE, UserTcpChannelOption.ZERO_COPY_THRESHOLD);
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
            case "SO_LINGER" -> (T) Integer.valueOf(soLinger);
            case "SO_REUSEADDR" -> (T) Boolean.valueOf(reuseAddress);
            case "IP_BIND_ADDRESS_NO_PORT" -> (T) Boolean.valueOf(bindAddressNoPort);
            case "ALLOW_HALF_CLOSURE" -> (T) Boolean.valueOf(allowHalfClosure);
            case "ZERO_COPY_THRESHOLD" -> (T) Integer.valueOf(zeroCopyThreshold);
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
            case "SO_LINGER" -> setSoLinger((Integer) value);
            case "SO_REUSEADDR" -> setReuseAddress((Boolean) value);
            case "IP_BIND_ADDRESS_NO_PORT" -> bindAddressNoPort = (Boolean) value;
            case "ALLOW_HALF_CLOSURE" -> setAllowHalfClosure((Boolean) value);
            case "ZERO_COPY_THRESHOLD" -> setZeroCopyThreshold((Integer) value);
            default -> {
                return super.setOption(option, value);
            }
        }
        return true;
    }

    private void change(Setting<?> setting, Object value) {
        settings.updateAndGet(current -> setting.write(current, value));
        channel.settingsChanged();
    }

    private UserTcpSocketChannelConfig with(ChannelOption<?> option, Object value) {
        change(Setting.of(option), value);
        return this;
    }

    /** See {@link UserTcpChannelOption#ZERO_COPY_THRESHOLD}. */
    public int getZeroCopyThreshold() {
        return zeroCopyThreshold;
    }

    /** See {@link UserTcpChannelOption#ZERO_COPY_THRESHOLD}. */
    public UserTcpSocketChannelConfig setZeroCopyThreshold(int bytes) {
        zeroCopyThreshold = (int) Setting.check("ZERO_COPY_THRESHOLD", bytes, 0, Integer.MAX_VALUE);
        return this;
    }

    @Override
    protected void autoReadCleared() {
        channel.autoReadCleared();
    }

    @Override
    public boolean isTcpNoDelay() {
        return settings().noDelay();
    }

    @Override
    public UserTcpSocketChannelConfig setTcpNoDelay(boolean tcpNoDelay) {
        return with(ChannelOption.TCP_NODELAY, tcpNoDelay);
    }

    @Override
    public int getSoLinger() {
        return soLinger;
    }

    /** Seconds; -1 for none. As in {@link java.net.Socket}, more than 65535 are 65535. */
    @Override
    public UserTcpSocketChannelConfig setSoLinger(int seconds) {
        soLinger = (int) Math.min(Setting.check("SO_LINGER", seconds, -1, Integer.MAX_VALUE), MAX_LINGER_SECONDS);
        return this;
    }

    @Override
    public int getSendBufferSize() {
        return settings().sendBufferBytes();
    }

    @Override
    public UserTcpSocketChannelConfig setSendBufferSize(int bytes) {
        return with(ChannelOption.SO_SNDBUF, bytes);
    }

    @Override
    public int getReceiveBufferSize() {
        return settings().receiveBufferBytes();
    }

    @Override
    public UserTcpSocketChannelConfig setReceiveBufferSize(int bytes) {
        return with(ChannelOption.SO_RCVBUF, bytes);
    }

    @Override
    public boolean isKeepAlive() {
        return settings().keepAlive();
    }

    @Override
    public UserTcpSocketChannelConfig setKeepAlive(boolean keepAlive) {
        return with(ChannelOption.SO_KEEPALIVE, keepAlive);
    }

    @Override
    public int getTrafficClass() {
        return settings().trafficClass();
    }

    @Override
    public UserTcpSocketChannelConfig setTrafficClass(int trafficClass) {
        return with(ChannelOption.IP_TOS, trafficClass);
    }

    @Override
    public boolean isReuseAddress() {
        return reuseAddress;
    }

    @Override
    public UserTcpSocketChannelConfig setReuseAddress(boolean reuseAddress) {
        this.reuseAddress = reuseAddress;
        return this;
    }

    /** Does nothing, as on every platform known. */
    @Override
    public UserTcpSocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }

    @Override
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public UserTcpSocketChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
        this.allowHalfClosure = allowHalfClosure;
        return this;
    }

    @Override
    public UserTcpSocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public UserTcpSocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public UserTcpSocketChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public UserTcpSocketChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public UserTcpSocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public UserTcpSocketChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public UserTcpSocketChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    public UserTcpSocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public UserTcpSocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }
}
