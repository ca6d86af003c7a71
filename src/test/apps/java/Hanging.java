import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Handles requests on the thread that accepts: GET /hang stops it for good. Run by java Hanging.java PORT. */
public class Hanging {
    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
        server.createContext("/", exchange -> {
            String slot = System.getenv().getOrDefault("NARY_WORKER", "0");
            byte[] body = ("version=v000 worker=" + slot + " pid=%010d\n".formatted(ProcessHandle.current().pid())).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            if (exchange.getRequestURI().getPath().equals("/hang")) waitForNothing();
        });
        server.start();
    }

    private static void waitForNothing() {
        synchronized (Hanging.class) {
            while (true) {
                try {
                    Hanging.class.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
