import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Netty on its native epoll transport, which registers the socket with epoll before it binds it. */
public final class NettyServer {
    private static final byte[] BODY = String.format(
                    "version=%s worker=%s pid=%010d%n",
                    System.getenv().getOrDefault("VERSION", "v0"),
                    System.getenv().getOrDefault("NARY_WORKER", "0"),
                    ProcessHandle.current().pid())
            .getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] args) throws InterruptedException {
        Epoll.ensureAvailability();
        DrainNotice.follow();
        new ServerBootstrap()
                .group(new EpollEventLoopGroup(1), new EpollEventLoopGroup(1))
                .channel(EpollServerSocketChannel.class)
                .childHandler(new Pipeline())
                .bind(Integer.parseInt(args[0]))
                .sync();
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Answerer());
        }
    }

    private static final class Answerer extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            boolean keepAlive = HttpUtil.isKeepAlive(request) && !DrainNotice.isDraining();
            int slow = request.uri().indexOf("/slow?ms=");
            long millis = slow < 0 ? 0 : Long.parseLong(request.uri().substring("/slow?ms=".length()));
            if (millis == 0) answer(context, keepAlive);
            else context.executor().schedule(() -> answer(context, keepAlive), millis, TimeUnit.MILLISECONDS);
        }

        private static void answer(ChannelHandlerContext context, boolean keepAlive) {
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(BODY));
            HttpUtil.setContentLength(response, BODY.length);
            // an HTTP/1.0 client wants keep-alive said
            response.headers().set("Connection", keepAlive ? "keep-alive" : "close");
            var written = context.writeAndFlush(response);
            if (!keepAlive) written.addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
