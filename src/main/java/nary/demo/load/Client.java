package nary.demo.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One client: a request after the other, on one connection or on a new one each time. */
final class Client {
    private final Plan plan;
    private final boolean keepAlive;
    private final byte[] request;
    private final List<Attempt> attempts = new ArrayList<>();
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    Client(Plan plan, boolean keepAlive) {
        this.plan = plan;
        this.keepAlive = keepAlive;
        String connection = keepAlive ? "keep-alive" : "close";
        this.request = ("GET " + plan.path() + " HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    List<Attempt> attempts() {
        return attempts;
    }

    /** Asks once; asks again where a reused connection had ended while idle. */
    void ask() {
        Attempt attempt = attempt();
        attempts.add(attempt);
        if (attempt.outcome() == Outcome.CLOSED_WHILE_IDLE) attempts.add(attempt());
    }

    void close() {
        try {
            if (socket != null) socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
        socket = null;
        in = null;
    }

    private Attempt attempt() {
        boolean reused = socket != null;
        long begun = System.nanoTime();
        try {
            InputStream from = in == null ? connect() : in;
            send();
            from.mark(1);
            if (from.read() < 0) throw new Answer.NoByte();
            from.reset();
            reused = false;
            Answer answer = Answer.read(from);
            Attempt attempt = judge(answer, begun, port());
            if (!keepAlive || !answer.keepAlive()) close();
            return attempt;
        } catch (IOException e) {
            Attempt attempt = new Attempt(begun, System.nanoTime(), port(), outcome(e, reused), "", String.valueOf(e.getMessage()));
            close();
            return attempt;
        }
    }

    private int port() {
        return socket == null ? 0 : Math.max(0, socket.getLocalPort());
    }

    private InputStream connect() throws IOException {
        Socket made = new Socket();
        socket = made;
        made.setTcpNoDelay(true);
        made.setSoTimeout((int) plan.timeout().toMillis());
        made.connect(plan.server(), (int) plan.timeout().toMillis());
        InputStream from = new BufferedInputStream(made.getInputStream(), 1024);
        in = from;
        return from;
    }

    private void send() throws IOException {
        if (socket != null) socket.getOutputStream().write(request);
    }

    private static Attempt judge(Answer answer, long begun, int port) {
        long ended = System.nanoTime();
        if (answer.status() != 200) return new Attempt(begun, ended, port, Outcome.WRONG_STATUS, "", "status " + answer.status());
        if (answer.version().isEmpty()) return new Attempt(begun, ended, port, Outcome.WRONG_BODY, "", "body " + answer.body());
        return new Attempt(begun, ended, port, Outcome.OK, answer.version(), "");
    }

    private static Outcome outcome(IOException e, boolean reused) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (e instanceof SocketTimeoutException || message.contains("timed out")) return Outcome.TIMEOUT;
        if (e instanceof BindException || e instanceof NoRouteToHostException || message.contains("too many open files")) return Outcome.LOCAL;
        if (e instanceof ConnectException && message.contains("refused")) return Outcome.REFUSED;
        if (e instanceof Answer.MalformedAnswer) return Outcome.WRONG_BODY;
        if (reused) return Outcome.CLOSED_WHILE_IDLE;
        if (e instanceof EOFException || e instanceof Answer.NoByte) return Outcome.CUT;
        return Outcome.RESET;
    }
}
