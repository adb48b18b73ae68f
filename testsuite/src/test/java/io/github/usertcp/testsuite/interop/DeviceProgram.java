package io.github.usertcp.testsuite.interop;

import io.github.usertcp.channel.UserTcpChannels;
import io.github.usertcp.link.TunLink;
import io.github.usertcp.link.TunLinkProvider;
import io.github.usertcp.stack.TcpStack;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own that opens TUN devices, for tests of what another user, or a process that the kernel refuses something, is told.
 *
 * <pre>
 *   argument   a device's name, then what else is wanted of it: "utcp0", "utcp0 configure", "utcp0 plain" (without offload)
 *   output     a line for each: "utcp0: open", or "utcp0: " and the message of the exception; then perhaps "serving"
 * </pre>
 *
 * Each device is closed before the next is opened. Through the last one, if it could be opened, a {@link WebService} is served.
 */
final class DeviceProgram {
    private DeviceProgram() {
    }

    /** Ends at once if the last device could not be opened, else only when it is killed. */
    public static void main(String[] arguments) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        TcpStack stack = null;
        for (String argument : arguments) {
            if (stack != null) {
                stack.close().sync();
            }
            stack = open(argument, group);
        }
        if (stack == null) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            return;
        }
        new ServerBootstrap().group(group).channelFactory(UserTcpChannels.servers(stack)).childHandler(new WebService())
            .bind(new InetSocketAddress(80)).sync();
        System.out.println("serving");
    }

    private static TcpStack open(String argument, EventLoopGroup group) throws InterruptedException {
        String[] words = argument.split(" ");
        Set<String> wanted = Set.of(words);
        TunLinkProvider provider = TunLink.device(words[0]).address(TunHost.V4 + "/24").address(TunHost.V6 + "/64")
            .configure(wanted.contains("configure")).offload(!wanted.contains("plain"));
        try {
            TcpStack stack = TcpStack.builder().link(provider).open(group.next()).get();
            System.out.println(argument + ": open");
            return stack;
        } catch (ExecutionException e) {
            System.out.println(argument + ": " + e.getCause().getMessage());
            return null;
        }
    }
}
