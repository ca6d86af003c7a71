package nary.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import nary.id.WorkerId;
import nary.listen.Listeners;
import nary.listen.Listening;
import nary.posix.Address;
import nary.posix.OsException;

/**
 * Reaches one worker over its own listening socket although it has no traffic yet: the steering program sends the probe's source port to it.
 * One virtual thread a probe, until it passes or nobody wants it any more.
 */
final class WorkerProbe {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final long PAUSE_MILLIS = 50;

    private final Listeners listeners;

    WorkerProbe(Listeners listeners) {
        this.listeners = listeners;
    }

    /** GET of the path answers 200–399. @param wanted asked before each attempt */
    void http(WorkerId worker, String path, BooleanSupplier wanted, Runnable passed) {
        repeat("probe " + worker, wanted, passed, () -> {
            List<Listening> own = listeners.listening().getOrDefault(worker, List.of());
            return !own.isEmpty() && answers(worker, own.getFirst().address(), path);
        });
    }

    /** A connection leaves the worker's accept queue: it accepts. */
    void accepts(WorkerId worker, Address address, BooleanSupplier wanted, Runnable passed) {
        repeat("probe " + worker, wanted, passed, () -> takes(worker, address, wanted));
    }

    private interface Attempt {
        boolean passes() throws IOException, InterruptedException;
    }

    private void repeat(String name, BooleanSupplier wanted, Runnable passed, Attempt attempt) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                while (wanted.getAsBoolean()) {
                    if (succeeds(attempt)) {
                        passed.run();
                        return;
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static boolean succeeds(Attempt attempt) throws InterruptedException {
        try {
            return attempt.passes();
        } catch (IOException notYet) {
            return false; // refused, reset or silent is what a worker does that is not ready; the boot timeout bounds it
        }
    }

    private boolean answers(WorkerId worker, Address address, String path) throws IOException {
        try (Connected connection = connect(worker, address)) {
            String host = target(address).getHostString();
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.port()
                    + "\r\nUser-Agent: nary\r\nConnection: close\r\n\r\n";
            connection.socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return isGood(statusLine(connection.socket.getInputStream()));
        }
    }

    private static String statusLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < 256; c = in.read()) line.append((char) c);
        return line.toString();
    }

    private static boolean isGood(String statusLine) {
        return statusLine.matches("HTTP/1\\.[01] [23][0-9][0-9].*\r?");
    }

    private boolean takes(WorkerId worker, Address address, BooleanSupplier wanted) throws IOException, InterruptedException {
        try (Connected connection = connect(worker, address)) {
            while (wanted.getAsBoolean() && connection.socket.isConnected()) {
                if (queued(worker, address) == 0) return true;
                Thread.sleep(PAUSE_MILLIS / 5);
            }
            return false;
        }
    }

    private int queued(WorkerId worker, Address address) throws OsException {
        return listeners.listening().getOrDefault(worker, List.of()).stream()
                .filter(l -> l.address().equals(address))
                .mapToInt(l -> l.queue().length())
                .findFirst()
                .orElse(1);
    }

    private record Connected(Socket socket, Listeners listeners, Address address, int port) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (socket) {
                listeners.endProbe(address, port);
            }
        }
    }

    private Connected connect(WorkerId worker, Address address) throws IOException {
        Socket socket = new Socket();
        try {
            InetSocketAddress target = target(address);
            boolean loopback = target.getAddress().isLoopbackAddress();
            socket.bind(new InetSocketAddress(loopback ? target.getAddress() : null, 0));
            int port = socket.getLocalPort();
            listeners.probe(address, port, worker);
            Connected connected = new Connected(socket, listeners, address, port);
            try {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.connect(target, TIMEOUT_MILLIS);
                return connected;
            } catch (IOException e) {
                connected.close();
                throw e;
            }
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static InetSocketAddress target(Address address) throws IOException {
        if (!address.isWildcard()) return new InetSocketAddress(InetAddress.getByAddress(address.bytes()), address.port());
        return new InetSocketAddress(address.isV6() ? "::1" : "127.0.0.1", address.port());
    }
}
