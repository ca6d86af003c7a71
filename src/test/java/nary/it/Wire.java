package nary.it;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One connection, spoken to by hand. */
final class Wire implements AutoCloseable {
    private static final int LIMIT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static Wire connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MILLIS);
        return new Wire(socket);
    }

    String get(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return answer();
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The body of an answer to the end of the connection; fails unless the status is 200. */
    String answer() throws IOException {
        String all = all();
        if (!all.startsWith("HTTP/1.1 200 ") && !all.startsWith("HTTP/1.0 200 ")) throw new IOException("no good answer: '" + all + "'");
        return all.substring(all.indexOf("\r\n\r\n") + 4);
    }

    /** What comes until the end of the connection, head and body; empty if nothing does. */
    String all() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** The next line; fails at the end of the connection. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = read(); c != '\n'; c = read()) line.append((char) c);
        return line.toString().stripTrailing();
    }

    void upgradeToWebSocket() throws IOException {
        send("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        if (!line().startsWith("HTTP/1.1 101 ")) throw new IOException("no WebSocket");
        while (!line().isEmpty()) {}
    }

    /** Sends a masked ping and reads its pong; false if the connection has ended. */
    boolean ping() {
        byte[] ping = {(byte) 0x89, (byte) 0x84, 0, 0, 0, 0, 'p', 'i', 'n', 'g'};
        byte[] pong = {(byte) 0x8a, 4, 'p', 'i', 'n', 'g'};
        try {
            socket.getOutputStream().write(ping);
            return Arrays.equals(in.readNBytes(pong.length), pong);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private int read() throws IOException {
        int c = in.read();
        if (c < 0) throw new EOFException("the connection has ended");
        return c;
    }
}
