package nary.bench.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import nary.demo.load.Outcome;
import org.jspecify.annotations.Nullable;

/** One client of a server: a request at a time, on a new connection each time or on a kept one. Never asks twice for one request. */
public final class Caller implements AutoCloseable {
    private final InetSocketAddress server;
    private final boolean keepAlive;
    private final int timeoutMillis;
    private final byte[] request;
    private @Nullable Socket socket;
    private @Nullable InputStream in;
    private String body = "";

    public Caller(int port, String path, boolean keepAlive, int timeoutMillis) {
        this.server = new InetSocketAddress("127.0.0.1", port);
        this.keepAlive = keepAlive;
        this.timeoutMillis = timeoutMillis;
        this.request = request(path, keepAlive);
    }

    static byte[] request(String path, boolean keepAlive) {
        String connection = keepAlive ? "" : "Connection: close\r\n";
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + connection + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The last answer's body. */
    public String body() {
        return body;
    }

    /** Asks once. */
    public Outcome ask() {
        boolean isReused = socket != null;
        try {
            InputStream from = in == null ? connect() : in;
            send();
            from.mark(1);
            if (from.read() < 0) throw new EOFException("no byte");
            from.reset();
            isReused = false;
            Head head = read(from);
            if (!keepAlive || head.ends()) close();
            return head.status() == 200 ? Outcome.OK : Outcome.WRONG_STATUS;
        } catch (IOException e) {
            close();
            return outcome(e, isReused);
        }
    }

    @Override
    public void close() {
        try {
            if (socket != null) socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
        socket = null;
        in = null;
    }

    private InputStream connect() throws IOException {
        Socket made = new Socket();
        socket = made;
        made.setTcpNoDelay(true);
        made.setSoTimeout(timeoutMillis);
        made.connect(server, timeoutMillis);
        InputStream from = new BufferedInputStream(made.getInputStream(), 1024);
        in = from;
        return from;
    }

    private void send() throws IOException {
        if (socket != null) socket.getOutputStream().write(request);
    }

    private Head read(InputStream from) throws IOException {
        Head head = new Head(line(from));
        for (String line = line(from); !line.isEmpty(); line = line(from)) head.add(line);
        if (head.length() < 0) throw new EOFException("no Content-Length");
        byte[] bytes = from.readNBytes(head.length());
        if (bytes.length < head.length()) throw new EOFException("cut within the body");
        body = new String(bytes, StandardCharsets.ISO_8859_1);
        return head;
    }

    private static String line(InputStream from) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = from.read(); c != '\n'; c = from.read()) {
            if (c < 0) throw new EOFException("cut within the head");
            if (c != '\r') line.append((char) c);
            if (line.length() > 8192) throw new EOFException("endless line");
        }
        return line.toString();
    }

    /** @param isReused whether the connection had served a request before, and no byte of this one's answer had come */
    static Outcome outcome(IOException e, boolean isReused) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (e instanceof SocketTimeoutException || message.contains("timed out")) return Outcome.TIMEOUT;
        if (e instanceof BindException || e instanceof NoRouteToHostException || message.contains("too many open files")) return Outcome.LOCAL;
        if (e instanceof ConnectException && message.contains("refused")) return Outcome.REFUSED;
        if (isReused) return Outcome.CLOSED_WHILE_IDLE;
        return e instanceof EOFException ? Outcome.CUT : Outcome.RESET;
    }
}
