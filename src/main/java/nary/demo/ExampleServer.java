package nary.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server that the demo deploys; it knows nothing of nary. Asked to end (SIGTERM), it answers what still comes with {@code Connection:
 * close} and ends when its clients have gone, as a good HTTP server does.
 */
public final class ExampleServer {
    private static final int LOOK_MILLIS = 100;
    private static final int IDLE_LOOKS_BEFORE_CLOSE = 20;

    private final String body = "version=%s worker=%s pid=%d%n"
            .formatted(
                    System.getenv().getOrDefault("VERSION", "unknown"),
                    System.getenv().getOrDefault("NARY_WORKER", "0"),
                    ProcessHandle.current().pid());
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean ending;

    public static void main(String[] args) throws IOException {
        ExampleServer server = new ExampleServer();
        Runtime.getRuntime().addShutdownHook(new Thread(server::end));
        server.serve(Integer.parseInt(args[0]));
    }

    private void serve(int port) throws IOException {
        try (ServerSocket listener = new ServerSocket(port)) {
            while (true) {
                Socket socket = listener.accept();
                open.incrementAndGet();
                Thread.ofVirtual().start(() -> talk(socket));
            }
        }
    }

    private void end() {
        ending = true;
        try {
            while (open.get() > 0) Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }

    private void talk(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LOOK_MILLIS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (awaitRequest(in) && answer(socket, in)) {}
        } catch (IOException e) {
            // the client has gone
        } finally {
            open.decrementAndGet();
        }
    }

    /** False at the end of the connection, or if the server is to end and the client has been silent for two seconds since. */
    private boolean awaitRequest(InputStream in) throws IOException {
        int idleLooks = 0;
        while (true) {
            in.mark(1);
            try {
                boolean more = in.read() >= 0;
                in.reset();
                return more;
            } catch (SocketTimeoutException e) {
                if (ending && ++idleLooks >= IDLE_LOOKS_BEFORE_CLOSE) return false;
            }
        }
    }

    /** Answers one request; false if the connection ends with it. */
    private boolean answer(Socket socket, InputStream in) throws IOException {
        boolean keepAlive = !head(in).contains("connection: close") && !ending;
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n"
                .formatted(body.length(), keepAlive ? "keep-alive" : "close");
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        return keepAlive;
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int c = in.read();
            if (c < 0 || head.length() > 8192) throw new IOException("no request");
            head.append((char) Character.toLowerCase(c));
        }
        return head.toString();
    }
}
