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
 * A unix socket on which the processes of workers say whose they are (the value of {@link Trees#TOKEN}) and then hear "drain", "serve"
 * (called back), "close" (idle connections, answered by "closed") and "shutdown N" (it was told on its Node IPC channel; N is the signal
 * for one that does not listen there). Who comes late hears whether it drains. Thread-safe; nobody who calls is blocked by a process that
 * does not read.
 */
final class DrainLine implements AutoCloseable {
    private static final int LONGEST_LINE = 200;
    private static final int MOST_PROCESSES = 4096;

    private final ServerSocketChannel server;
    private final Path path;
    private final Consumer<String> trouble;
    /** One after the other, so that the words arrive in order. */
    private final ExecutorService speaker = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("drain-line").factory());

    private final Map<SocketChannel, Optional<String>> processes = new HashMap<>();
    private final Map<WorkerId, String> draining = new HashMap<>();
    /** Those that have not answered "close" yet. */
    private final Set<SocketChannel> closing = new HashSet<>();

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

    /** Asks the processes of a worker to close their idle connections. */
    synchronized void closeIdle(String token) {
        closing.addAll(processesOf(token));
        tell(token, "close");
    }

    /** True until all that were asked have closed their idle connections, or have ended. */
    synchronized boolean isClosing(String token) {
        return processesOf(token).stream().anyMatch(closing::contains);
    }

    synchronized void shutDown(String token, int signal) {
        tell(token, "shutdown " + signal);
    }

    private Set<SocketChannel> processesOf(String token) {
        Set<SocketChannel> its = new HashSet<>();
        processes.forEach((process, said) -> {
            if (said.filter(token::equals).isPresent()) its.add(process);
        });
        return its;
    }

    private void tell(String token, String word) {
        Set<SocketChannel> listeners = processesOf(token);
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
            trouble.accept("workers can no longer be told that they drain: " + e.getMessage());
        }
    }

    private synchronized boolean admit(SocketChannel process) {
        if (processes.size() >= MOST_PROCESSES) return false;
        processes.put(process, Optional.empty());
        return true;
    }

    private void follow(SocketChannel process) {
        try (process) {
            introduce(process, readLine(process));
            while (readLine(process).equals("closed")) closed(process);
        } catch (IOException e) {
            // it has ended
        } finally {
            leave(process);
        }
    }

    private static String readLine(SocketChannel process) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (line.size() <= LONGEST_LINE && process.read(one.clear()) > 0) {
            if (one.get(0) == '\n') return line.toString(StandardCharsets.UTF_8);
            line.write(one.get(0));
        }
        throw new IOException("no line");
    }

    private synchronized void closed(SocketChannel process) {
        closing.remove(process);
    }

    private synchronized void introduce(SocketChannel process, String token) {
        processes.put(process, Optional.of(token));
        if (draining.containsValue(token)) speaker.execute(() -> say(process, "drain"));
    }

    private synchronized void leave(SocketChannel process) {
        processes.remove(process);
        closing.remove(process);
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
