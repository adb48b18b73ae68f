package io.github.usertcp.handlers;

import io.github.usertcp.codec.DropReason;
import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.LinkReceiver;
import java.util.Map;

/** Stands before a stack and hands on what the link tells, for those who change one thing. */
class ForwardingReceiver implements LinkReceiver {
    final LinkReceiver receiver;

    ForwardingReceiver(LinkReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void onSegment(TcpSegment segment, long nowNanos) {
        receiver.onSegment(segment, nowNanos);
    }

    @Override
    public void onReadComplete(long nowNanos) {
        receiver.onReadComplete(nowNanos);
    }

    @Override
    public void onDropped(DropReason reason) {
        receiver.onDropped(reason);
    }

    @Override
    public void onWritable() {
        receiver.onWritable();
    }

    @Override
    public void onIcmp(IcmpError error, long nowNanos) {
        receiver.onIcmp(error, nowNanos);
    }

    @Override
    public boolean onStray(TcpSegment segment, long nowNanos) {
        return receiver.onStray(segment, nowNanos);
    }

    @Override
    public boolean onStray(IcmpError error, long nowNanos) {
        return receiver.onStray(error, nowNanos);
    }

    @Override
    public void onUnclaimed(TcpSegment segment, long nowNanos) {
        receiver.onUnclaimed(segment, nowNanos);
    }

    @Override
    public void onUnclaimed(IcmpError error, long nowNanos) {
        receiver.onUnclaimed(error, nowNanos);
    }

    @Override
    public void onUnreachable(IpAddress remote, int udpPort, long nowNanos) {
        receiver.onUnreachable(remote, udpPort, nowNanos);
    }

    @Override
    public void onTooBig(Map<IpAddress, Integer> pathMtus, long nowNanos) {
        receiver.onTooBig(pathMtus, nowNanos);
    }

    @Override
    public void onClosing() {
        receiver.onClosing();
    }

    @Override
    public void onFailed(Throwable cause) {
        receiver.onFailed(cause);
    }

    @Override
    public void onClosed() {
        receiver.onClosed();
    }
}
