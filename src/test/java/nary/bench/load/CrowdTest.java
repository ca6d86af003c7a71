package nary.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import nary.demo.load.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CrowdTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n";
    private static final String WHOLE = HEAD + "\r\nhello";
    private static final int TIMEOUT_MILLIS = 200;

    private final Tally tally = new Tally();

    @Test
    void eachEndOfARequestHasItsName() throws Exception {
        assertThat(only(WHOLE)).isEqualTo(Outcome.OK);
        assertThat(only("HTTP/1.1 503 no\r\nContent-Length: 0\r\n\r\n")).isEqualTo(Outcome.WRONG_STATUS);
        assertThat(only("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")).isEqualTo(Outcome.CUT);
        assertThat(only("HTTP/1.1 200 OK\r\nConte")).isEqualTo(Outcome.CUT);
        assertThat(only("HTTP/1.1 200 OK\r\n\r\n")).isEqualTo(Outcome.CUT);
        assertThat(only("")).isEqualTo(Outcome.CUT);
    }

    @Test
    void nobodyThereIsRefused() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0)) {
            port = server.getLocalPort();
        }
        crowd(port, 1, false, () -> tally.count(Outcome.REFUSED) > 0);
        assertThat(tally.failed()).isEqualTo(tally.count(Outcome.REFUSED));
    }

    @Test
    void aSilentServerIsATimeout() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            crowd(server.getLocalPort(), 3, false, () -> tally.count(Outcome.TIMEOUT) > 0);
        }
        assertThat(tally.failed()).isEqualTo(tally.count(Outcome.TIMEOUT)).isGreaterThanOrEqualTo(3);
    }

    @Test
    void whatTheServerSaysOfItsEndIsHeeded() throws Exception {
        try (Server server = new Server(HEAD + "Connection: close\r\n\r\nhello", 1)) {
            crowd(server.port(), 4, true, () -> tally.ok() >= 40);
            assertThat(tally.failures()).isEmpty();
            assertThat(server.connections()).isGreaterThanOrEqualTo(40);
        }
    }

    @Test
    void aKeptConnectionThatEndedIsNotTriedAgainInSecret() throws Exception {
        try (Server server = new Server(WHOLE, 3)) {
            crowd(server.port(), 1, true, () -> tally.count(Outcome.CLOSED_WHILE_IDLE) > 0);
            assertThat(tally.ok()).isEqualTo(3);
            assertThat(tally.failed()).isEqualTo(1);
        }
    }

    @Test
    void allGetTheirTurns() throws Exception {
        int clients = 50;
        try (Server server = new Server(WHOLE, Integer.MAX_VALUE)) {
            crowd(server.port(), clients, true, () -> tally.ok() >= 200 * clients);
            assertThat(tally.failures()).isEmpty();
            assertThat(server.connections()).isEqualTo(clients);
            // each asks again at once: who was not heard for long would have far fewer than the others
            assertThat(server.answered()).allMatch(count -> count > 20);
        }
    }

    private Outcome only(String answer) throws Exception {
        Tally before = new Tally();
        try (Server server = new Server(answer, 1)) {
            Crowd.of(server.port(), 1, false, 5000).ask(() -> before, new Once());
        }
        return List.of(Outcome.values()).stream().filter(outcome -> before.count(outcome) > 0).findFirst().orElseThrow();
    }

    private void crowd(int port, int clients, boolean keepAlive, BooleanSupplier isEnough) throws IOException {
        Crowd.of(port, clients, keepAlive, TIMEOUT_MILLIS).ask(() -> tally, isEnough);
    }

    /** Stops it after its first turn: what it asked for then is answered yet. */
    private static final class Once implements BooleanSupplier {
        private int looks;

        @Override
        public boolean getAsBoolean() {
            return ++looks > 1;
        }
    }

    /** Says the same to everybody, so often on each connection, then closes it. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 200);
        private final List<AtomicInteger> counts = new CopyOnWriteArrayList<>();
        private final byte[] answer;
        private final int times;

        Server(String answer, int times) throws IOException {
            this.answer = answer.getBytes(StandardCharsets.US_ASCII);
            this.times = times;
            Thread.ofVirtual().start(this::serveAll);
        }

        int port() {
            return socket.getLocalPort();
        }

        int connections() {
            return counts.size();
        }

        List<Integer> answered() {
            return counts.stream().map(AtomicInteger::get).toList();
        }

        private void serveAll() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    AtomicInteger count = new AtomicInteger();
                    counts.add(count);
                    Thread.ofVirtual().start(() -> serve(client, count));
                }
            } catch (IOException end) {
                // the test is over
            }
        }

        private void serve(Socket client, AtomicInteger count) {
            try (client) {
                for (int i = 0; i < times; i++) {
                    if (!heard(client.getInputStream())) return;
                    client.getOutputStream().write(answer);
                    count.incrementAndGet();
                }
            } catch (IOException clientGone) {
                // it is enough
            }
        }

        /** A request has no body: it ends with an empty line. */
        private static boolean heard(InputStream from) throws IOException {
            int newlines = 0;
            while (newlines < 2) {
                int c = from.read();
                if (c < 0) return false;
                if (c == '\n') newlines++;
                else if (c != '\r') newlines = 0;
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
