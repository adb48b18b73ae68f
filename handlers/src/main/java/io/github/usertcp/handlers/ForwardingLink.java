package io.github.usertcp.handlers;

import io.github.usertcp.codec.IcmpError;
import io.github.usertcp.codec.IpAddress;
import io.github.usertcp.codec.TcpSegment;
import io.github.usertcp.stack.Link;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/** Stands before a link and answers as the link does, for those who change one thing. */
class ForwardingLink implements Link {
    final Link link;

    ForwardingLink(Link link) {
        this.link = link;
    }

    @Override
    public EventLoop eventLoop() {
        return link.eventLoop();
    }

    @Override
    public IpAddress localAddress(IpAddress remote) {
        return link.localAddress(remote);
    }

    @Override
    public IpAddress boundAddress() {
        return link.boundAddress();
    }

    @Override
    public int udpPort() {
        return link.udpPort();
    }

    @Override
    public int maxSegmentSize(IpAddress remote) {
        return link.maxSegmentSize(remote);
    }

    @Override
    public int maxPayloadBytes() {
        return link.maxPayloadBytes();
    }

    @Override
    public boolean isWritable() {
        return link.isWritable();
    }

    @Override
    public boolean carriesEcn() {
        return link.carriesEcn();
    }

    @Override
    public boolean isPortOurs(int port) {
        return link.isPortOurs(port);
    }

    @Override
    public boolean passOn(TcpSegment segment) {
        return link.passOn(segment);
    }

    @Override
    public boolean passOn(IcmpError error) {
        return link.passOn(error);
    }

    @Override
    public int receiveQueueBytes() {
        return link.receiveQueueBytes();
    }

    @Override
    public int pathMtu(IpAddress remote) {
        return link.pathMtu(remote);
    }

    @Override
    public void write(TcpSegment segment) {
        link.write(segment);
    }

    @Override
    public void flush() {
        link.flush();
    }

    @Override
    public void probe(IpAddress remote, int udpPort) {
        link.probe(remote, udpPort);
    }

    @Override
    public Future<Void> close() {
        return link.close();
    }

    @Override
    public String toString() {
        return link.toString();
    }
}
