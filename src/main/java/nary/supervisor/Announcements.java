package nary.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import nary.id.WorkerId;
import nary.posix.Sockets;
import nary.worker.DrainSample;
import nary.worker.NotifySocket;

/**
 * Tells workers that they drain, those that want to know: Node processes by what they preload, others by a few lines of their own.
 * Without it a deploy goes on all the same, so trouble here fails nothing.
 */
final class Announcements implements AutoCloseable {
    private static final String SUFFIX = ".drain";
    /** sun_path of unix(7), less its final zero. */
    private static final int LONGEST_PATH = 107;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final DrainLine line;
    private final Farewell farewell;
    private final Optional<NodePreload> preload;
    private final Consumer<String> trouble;
    private Path folder;

    private Announcements(DrainLine line, Trees trees, Optional<NodePreload> preload, Consumer<String> trouble) {
        this.line = line;
        this.trouble = trouble;
        this.folder = line.path().resolveSibling("");
        this.farewell = new Farewell(line, trees);
        this.preload = preload;
    }

    /**
     * @param ipc the control socket: the line's lies in a folder beside it
     * @param trouble what could not be done
     */
    static Announcements open(Path ipc, Optional<NodePreload> preload, Trees trees, Consumer<String> trouble) throws IOException {
        String name = secret("drain");
        Path folder = ipc.resolveSibling(ipc.getFileName() + SUFFIX);
        if (bytes(folder.resolve(secret("notify"))) > LONGEST_PATH) folder = Files.createTempDirectory("nary-");
        else empty(folder);
        open(folder);
        return new Announcements(DrainLine.open(folder.resolve(name), trouble), trees, preload, trouble);
    }

    /** Workers of other users must get in; what the sockets are called only they are told. */
    private static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    /** Where one worker may say how it is; empty, and said, where there can be none. For the supervisor's thread. */
    Optional<NotifySocket> openMailbox(Sockets sockets) {
        try {
            if (!Files.isDirectory(folder)) {
                folder = Files.createTempDirectory("nary-");
                open(folder);
            }
            return Optional.of(NotifySocket.open(sockets, folder.resolve(secret("notify"))));
        } catch (IOException e) {
            trouble.accept("a worker cannot say how it is: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static String secret(String kind) {
        return kind + "-" + HexFormat.of().toHexDigits(RANDOM.nextLong());
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** A daemon that was killed has left its own. */
    private static void empty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var files = Files.newDirectoryStream(folder, "{drain,notify}-*")) {
            for (Path file : files) Files.deleteIfExists(file);
        }
    }

    /** Adds to a worker's environment what its processes need to hear of the drain. */
    void addTo(Map<String, String> environment, List<String> command) {
        environment.put("NARY_DRAIN_SOCKET", line.path().toString());
        preload.ifPresent(it -> it.addTo(environment, command));
    }

    void drain(WorkerId worker, String token) {
        line.drain(worker, token);
    }

    void serve(Set<WorkerId> workers) {
        line.serve(workers);
    }

    /** It was told {@code "shutdown"} on its channel. @param signal what it gets if it does not listen for messages */
    void shutDown(String token, int signal) {
        line.shutDown(token, signal);
    }

    /** What the core is told of a draining worker. @param nanos System.nanoTime */
    DrainSample weigh(WorkerId worker, DrainSample sample, long nanos) {
        return farewell.weigh(worker, sample, nanos);
    }

    void forget(WorkerId worker) {
        line.forget(worker);
        farewell.forget(worker);
    }

    @Override
    public void close() {
        line.close();
        remove(line.path().resolveSibling(""));
        remove(folder);
    }

    private static void remove(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // somebody has put something there; it stays
        }
    }
}
