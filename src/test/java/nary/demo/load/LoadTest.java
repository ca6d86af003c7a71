package nary.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Against servers that misbehave on purpose: each kind of loss must be told from the others. */
class LoadTest {
    private static final String GOOD = answer("200 OK", "version=v1 worker=0\n");

    /** What the server does with one connection. */
    private interface Script {
        void play(Socket socket) throws IOException;
    }

    @Test
    void anAnswerCountsForItsVersion() throws Exception {
        Recording seen = load(always(GOOD), 1, 1);
        assertThat(seen.failures()).isEmpty();
        assertThat(seen.byVersion()).containsOnlyKeys("v1");
        assertThat(seen.slowest()).isPositive();
        assertThat(seen.histogram().count()).isEqualTo(seen.ok());
    }

    @Test
    void noListenerIsRefused() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(outcomes(load(port, 1, 0))).containsOnly(Outcome.REFUSED);
    }

    @Test
    void aResetIsAReset() throws Exception {
        assertThat(outcomes(load(socket -> {
            request(socket);
            socket.setSoLinger(true, 0);
        }, 1, 0))).containsOnly(Outcome.RESET);
    }

    @Test
    void anAnswerThatEndsEarlyIsCut() throws Exception {
        assertThat(outcomes(load(always(GOOD.substring(0, GOOD.length() - 3)), 1, 0))).containsOnly(Outcome.CUT);
        assertThat(outcomes(load(always(""), 1, 0))).containsOnly(Outcome.CUT);
    }

    @Test
    void silenceIsATimeout() throws Exception {
        assertThat(outcomes(load(socket -> {
            request(socket);
            socket.getInputStream().read();
        }, 1, 0))).containsOnly(Outcome.TIMEOUT);
    }

    @Test
    void anotherStatusOrAnotherBodyIsWrong() throws Exception {
        assertThat(outcomes(load(always(answer("500 No", "version=v1 worker=0\n")), 1, 0))).containsOnly(Outcome.WRONG_STATUS);
        assertThat(outcomes(load(always(answer("200 OK", "hello\n")), 1, 0))).containsOnly(Outcome.WRONG_BODY);
        assertThat(outcomes(load(always("220 mail\r\n\r\n"), 1, 0))).containsOnly(Outcome.WRONG_BODY);
    }

    @Test
    void aReusedConnectionThatEndsBeforeAnyByteIsAskedAgainOnANewOne() throws Exception {
        Recording seen = load(socket -> {
            request(socket);
            socket.getOutputStream().write(GOOD.getBytes(StandardCharsets.US_ASCII));
            request(socket);
        }, 0, 1);
        assertThat(seen.failures()).isEmpty();
        assertThat(seen.count(Outcome.CLOSED_WHILE_IDLE)).isPositive();
        assertThat(seen.ok()).isGreaterThanOrEqualTo(seen.count(Outcome.CLOSED_WHILE_IDLE));
    }

    @Test
    void aReusedConnectionThatEndsWithinTheAnswerIsALoss() throws Exception {
        Recording seen = load(socket -> {
            request(socket);
            socket.getOutputStream().write(GOOD.getBytes(StandardCharsets.US_ASCII));
            request(socket);
            socket.getOutputStream().write("HTTP/1.1 2".getBytes(StandardCharsets.US_ASCII));
        }, 0, 1);
        assertThat(seen.count(Outcome.CUT)).isPositive();
        assertThat(seen.count(Outcome.CLOSED_WHILE_IDLE)).isZero();
    }

    @Test
    void aSpanSeparatesWhatTouchedItFromWhatDidNot() {
        Recording all = new Recording(List.of(ok(0, 5), ok(8, 12), ok(15, 30), ok(31, 40)));
        List<Span> spans = List.of(new Span(10, 20));
        assertThat(all.during(spans).attempts()).containsExactly(ok(8, 12), ok(15, 30));
        assertThat(all.outside(spans).attempts()).containsExactly(ok(0, 5), ok(31, 40));
        assertThat(all.slowest()).isEqualTo(Duration.ofNanos(15));
        assertThat(all.histogram().percentile(0.5)).isEqualTo(Duration.ofNanos(5));
    }

    private static Attempt ok(long begun, long ended) {
        return new Attempt(begun, ended, 1, Outcome.OK, "v1", "");
    }

    private static String answer(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Answers each request with the same bytes, then closes where the client wants it so. */
    private static Script always(String answer) {
        return socket -> {
            boolean more = true;
            while (more) {
                String request = request(socket);
                if (request.isEmpty()) return;
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                more = request.contains("keep-alive");
            }
        };
    }

    private static String request(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = socket.getInputStream().read();
            if (c < 0) return "";
            head.append((char) c);
        }
        return head.toString();
    }

    private static List<Outcome> outcomes(Recording seen) {
        assertThat(seen.attempts()).isNotEmpty();
        return seen.attempts().stream().map(Attempt::outcome).distinct().toList();
    }

    private static Recording load(Script script, int fresh, int keepAlive) throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            Thread.ofVirtual().start(() -> {
                Predicate<ServerSocket> accepted = l -> accept(l, script);
                while (accepted.test(listener)) {}
            });
            return load(listener.getLocalPort(), fresh, keepAlive);
        }
    }

    private static boolean accept(ServerSocket listener, Script script) {
        try {
            Socket socket = listener.accept();
            Thread.ofVirtual().start(() -> {
                try (socket) {
                    script.play(socket);
                } catch (IOException e) {
                    // the client has gone
                }
            });
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Recording load(int port, int fresh, int keepAlive) {
        Plan plan = Plan.of(port)
                .withClients(fresh, keepAlive)
                .withTimeout(Duration.ofMillis(200))
                .withLimit(Duration.ofMillis(150));
        return Load.start(plan).finish();
    }
}
