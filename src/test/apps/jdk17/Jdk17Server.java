import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** The JDK's own HttpServer as it comes, for Java 17: no handler for signals, no shutdown hook. */
public final class Jdk17Server {
    private static final byte[] BODY = String.format(
                    "version=%s worker=%s pid=%010d%n",
                    System.getenv().getOrDefault("VERSION", "v0"),
                    System.getenv().getOrDefault("NARY_WORKER", "0"),
                    ProcessHandle.current().pid())
            .getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.createContext("/", Jdk17Server::answer);
        server.createContext("/slow", Jdk17Server::slow);
        server.createContext("/upload", Jdk17Server::upload);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        DrainNotice.follow();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        if (DrainNotice.isDraining()) exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(200, BODY.length);
        try (exchange) {
            exchange.getResponseBody().write(BODY);
        }
    }

    private static void slow(HttpExchange exchange) throws IOException {
        try {
            Thread.sleep(Long.parseLong(exchange.getRequestURI().getQuery().substring("ms=".length())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answer(exchange);
    }

    private static void upload(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        answer(exchange);
    }
}
