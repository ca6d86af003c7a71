package nary.demo.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What to send.
 *
 * @param fresh clients that make a new connection for each request
 * @param keepAlive clients that reuse theirs
 * @param pause between two requests of one client
 * @param timeout for one answer
 * @param limit the load ends by itself after this long
 */
public record Plan(
        InetSocketAddress server, String path, int fresh, int keepAlive, Duration pause, Duration timeout, Duration limit) {

    public static Plan of(int port) {
        return new Plan(
                new InetSocketAddress("127.0.0.1", port),
                "/",
                16,
                16,
                Duration.ofMillis(4),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5));
    }

    public Plan withClients(int fresh, int keepAlive) {
        return new Plan(server, path, fresh, keepAlive, pause, timeout, limit);
    }

    public Plan withPath(String path) {
        return new Plan(server, path, fresh, keepAlive, pause, timeout, limit);
    }

    public Plan withPause(Duration pause) {
        return new Plan(server, path, fresh, keepAlive, pause, timeout, limit);
    }

    public Plan withLimit(Duration limit) {
        return new Plan(server, path, fresh, keepAlive, pause, timeout, limit);
    }

    public Plan withTimeout(Duration timeout) {
        return new Plan(server, path, fresh, keepAlive, pause, timeout, limit);
    }
}
