package nary.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import nary.demo.load.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CallerTest {
    private static final String WHOLE = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    @Test
    void eachEndOfARequestHasItsName() throws Exception {
        assertThat(ask(WHOLE)).isEqualTo(Outcome.OK);
        assertThat(ask("HTTP/1.1 503 no\r\nContent-Length: 0\r\n\r\n")).isEqualTo(Outcome.WRONG_STATUS);
        assertThat(ask("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")).isEqualTo(Outcome.CUT);
        assertThat(ask("HTTP/1.1 200 OK\r\nConte")).isEqualTo(Outcome.CUT);
        assertThat(ask("")).isEqualTo(Outcome.CUT);
    }

    @Test
    void nobodyThereIsRefused() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0)) {
            port = server.getLocalPort();
        }
        try (Caller caller = new Caller(port, "/", false, 1000)) {
            assertThat(caller.ask()).isEqualTo(Outcome.REFUSED);
        }
    }

    @Test
    void aSilentServerIsATimeout() throws Exception {
        try (ServerSocket server = new ServerSocket(0); Caller caller = new Caller(server.getLocalPort(), "/", false, 50)) {
            assertThat(caller.ask()).isEqualTo(Outcome.TIMEOUT);
        }
    }

    @Test
    void aKeptConnectionThatEndedIsNotTriedAgainInSecret() throws Exception {
        try (ServerSocket server = new ServerSocket(0); Caller caller = new Caller(server.getLocalPort(), "/", true, 5000)) {
            Thread once = Thread.ofVirtual().start(() -> answer(server, WHOLE));
            assertThat(caller.ask()).isEqualTo(Outcome.OK);
            once.join();
            assertThat(caller.ask()).isEqualTo(Outcome.CLOSED_WHILE_IDLE);
        }
    }

    /** What becomes of a request that is answered so, after which the connection is closed. */
    private static Outcome ask(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0); Caller caller = new Caller(server.getLocalPort(), "/", false, 5000)) {
            Thread.ofVirtual().start(() -> answer(server, answer));
            return caller.ask();
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[1000];
            if (socket.getInputStream().read(request) > 0) socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
