package nary.supervisor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import nary.id.WorkerId;

/**
 * A unix socket on which the processes of workers say whose they are (the value of {@link Trees#TOKEN}) and then hear "drain" and "serve".
 * Who comes late hears what holds. Thread-safe; nobody who calls is blocked by a process that does not read.
 */
final class DrainLine implements AutoCloseable {
    private static final int LONGEST_TOKEN = 200;
    private static final int MOST_PROCESSES = 4096;

    private final ServerSocketChannel server;
    private final Path path;
    private final Consumer<String> trouble;
    /** One after the other, so that the words arrive in order. */
    private final ExecutorService speaker = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("drain-line").factory());

    private final Map<SocketChannel, Optional<String>> processes = new HashMap<>();
    private final Map<WorkerId, String> draining = new HashMap<>();

    private DrainLine(ServerSocketChannel server, Path path, Consumer<String> trouble) {
        this.server = server;
        this.path = path;
        this.trouble = trouble;
    }

    static DrainLine open(Path path, Consumer<String> trouble) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        DrainLine line = new DrainLine(server, path, trouble);
        try {
            server.bind(UnixDomainSocketAddress.of(path), 1024);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        Thread.ofVirtual().name("drain-accept").start(line::accept);
        return line;
    }

    Path path() {
        return path;
    }

    synchronized void drain(WorkerId worker, String token) {
        draining.put(worker, token);
        tell(token, "drain");
    }

    /** Those of them that were draining have been called back. */
    synchronized void serve(Set<WorkerId> workers) {
        for (WorkerId worker : workers) {
            String token = draining.remove(worker);
            if (token != null) tell(token, "serve");
        }
    }

    synchronized void forget(WorkerId worker) {
        draining.remove(worker);
    }

    private void tell(String token, String word) {
        Set<SocketChannel> listeners = new HashSet<>();
        processes.forEach((process, its) -> {
            if (its.filter(token::equals).isPresent()) listeners.add(process);
        });
        if (!listeners.isEmpty()) speaker.execute(() -> listeners.forEach(process -> say(process, word)));
    }

    private static void say(SocketChannel process, String word) {
        try {
            process.write(ByteBuffer.wrap((word + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            // it has ended: its reader forgets it
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel process = server.accept();
                if (admit(process)) Thread.ofVirtual().name("drain-process").start(() -> follow(process));
                else process.close();
            }
        } catch (ClosedChannelException e) {
            // the end
        } catch (IOException e) {
            trouble.accept("Node workers can no longer be told to drain: " + e.getMessage());
        }
    }

    private synchronized boolean admit(SocketChannel process) {
        if (processes.size() >= MOST_PROCESSES) return false;
        processes.put(process, Optional.empty());
        return true;
    }

    private void follow(SocketChannel process) {
        try (process) {
            introduce(process, readToken(process));
            ByteBuffer ignored = ByteBuffer.allocate(64);
            while (process.read(ignored) >= 0) ignored.clear();
        } catch (IOException e) {
            // it has ended
        } finally {
            leave(process);
        }
    }

    private static String readToken(SocketChannel process) throws IOException {
        ByteArrayOutputStream token = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (token.size() <= LONGEST_TOKEN && process.read(one.clear()) > 0) {
            if (one.get(0) == '\n') return token.toString(StandardCharsets.UTF_8);
            token.write(one.get(0));
        }
        throw new IOException("no token");
    }

    private synchronized void introduce(SocketChannel process, String token) {
        processes.put(process, Optional.of(token));
        if (draining.containsValue(token)) speaker.execute(() -> say(process, "drain"));
    }

    private synchronized void leave(SocketChannel process) {
        processes.remove(process);
    }

    @Override
    public void close() {
        speaker.shutdown();
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            trouble.accept("closing the drain line: " + e.getMessage());
        }
        Set<SocketChannel> left;
        synchronized (this) {
            left = Set.copyOf(processes.keySet());
        }
        for (SocketChannel process : left) {
            try {
                process.close();
            } catch (IOException e) {
                // closed it is
            }
        }
    }
}
