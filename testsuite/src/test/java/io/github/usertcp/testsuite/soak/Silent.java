package io.github.usertcp.testsuite.soak;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Says nothing on any number of channels. */
@Sharable
final class Silent extends ChannelInboundHandlerAdapter {
}
