import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * The JDK's HttpServer, a virtual thread for each exchange. {@code /gc?mb=N} makes N MB of small live objects and collects them all, which
 * stops the world; it answers with the milliseconds that took.
 */
public final class JdkServer {
    private static final byte[] BODY = String.format(
                    "version=%s worker=%s pid=%010d%n",
                    System.getenv().getOrDefault("VERSION", "v0"),
                    System.getenv().getOrDefault("NARY_WORKER", "0"),
                    ProcessHandle.current().pid())
            .getBytes(StandardCharsets.US_ASCII);
    private static Object[] held = {};

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 4096);
        server.createContext("/", exchange -> answer(exchange, BODY));
        server.createContext("/gc", JdkServer::collect);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private static synchronized void collect(HttpExchange exchange) throws IOException {
        int megabytes = Integer.parseInt(exchange.getRequestURI().getQuery().substring("mb=".length()));
        if (held.length == 0) held = objects(megabytes * 16_384);
        long begun = System.nanoTime();
        System.gc();
        String took = (System.nanoTime() - begun) / 1_000_000 + "\n";
        answer(exchange, took.getBytes(StandardCharsets.US_ASCII));
    }

    /** Lists of about 64 bytes an element. */
    private static Object[] objects(int count) {
        Object[] chain = new Object[count];
        for (int i = 0; i < count; i++) chain[i] = new Object[] {i > 0 ? chain[i / 2] : null, new byte[16]};
        return chain;
    }
}
