package nary.bench.peer;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports below those that the kernel gives to clients, so that no client of ours takes one away. */
public final class Ports {
    private static final AtomicInteger NEXT = new AtomicInteger(20_000);

    private Ports() {}

    /** A free one, never the same twice, with a hundred after it that will not be given away. */
    public static int free() throws IOException {
        for (int i = 0; i < 100; i++) {
            int port = NEXT.getAndAdd(100);
            try (ServerSocket probe = new ServerSocket(port)) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // taken: the next
            }
        }
        throw new IOException("no free port from 20000 on");
    }
}
