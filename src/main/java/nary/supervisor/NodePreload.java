package nary.supervisor;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import nary.id.WorkerId;
import nary.worker.DrainSample;

/**
 * Makes Node workers close kept connections while they drain: a script that every Node process of a worker loads, and the line on which
 * it is told. Other programs ignore both. Without it a deploy goes on all the same, so trouble here fails nothing.
 *
 * <p>Node does not start without a script that is named. So it is a file of nary's installation, which stays as long as nary does: a copy
 * beside the app's files would go with them.
 */
final class NodePreload implements AutoCloseable {
    static final String SCRIPT = "node-drain.cjs";
    private static final String SUFFIX = ".node";
    /** sun_path of unix(7), less its final zero. */
    private static final int LONGEST_PATH = 107;
    /** What an outer nary has put there, if this one was started by a worker. */
    private static final Pattern INHERITED = Pattern.compile(" ?--require=(\"(\\\\.|[^\"\\\\])*/" + SCRIPT + "\"|\\S*/" + SCRIPT + ")");
    /** Under these, Node 20 and older may read nothing that the user has not named. */
    private static final Set<String> FENCES = Set.of("--experimental-permission", "--experimental-policy");

    private final Path script;
    private final DrainLine line;
    private final Farewell farewell;
    private final Consumer<String> trouble;
    private final AtomicBoolean isTroubleSaid = new AtomicBoolean();

    private NodePreload(Path script, DrainLine line, Trees trees, Consumer<String> trouble) {
        this.script = script;
        this.line = line;
        this.farewell = new Farewell(line, trees);
        this.trouble = trouble;
    }

    /**
     * @param ipc the control socket: the line's lies in a folder beside it
     * @param isRoot workers may run as, or become, another user
     * @param trouble what could not be done
     */
    static NodePreload open(Path ipc, boolean isRoot, Trees trees, Consumer<String> trouble) throws IOException {
        Path script = installed();
        if (isRoot && !isOpenToAll(script)) throw new IOException(script + " cannot be read by all users: install nary where they can");
        String name = "drain-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        Path folder = ipc.resolveSibling(ipc.getFileName() + SUFFIX);
        if (bytes(folder.resolve(name)) > LONGEST_PATH) folder = Files.createTempDirectory("nary-");
        else empty(folder);
        // workers of other users must get in; what the socket is called only they are told
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        return new NodePreload(script, DrainLine.open(folder.resolve(name), trouble), trees, trouble);
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Beside the jar; where classes lie in folders, among them. */
    private static Path installed() throws IOException {
        try {
            URL resource = NodePreload.class.getResource("/nary/" + SCRIPT);
            if (resource != null && resource.getProtocol().equals("file")) return Path.of(resource.toURI());
            URI jar = NodePreload.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path script = Path.of(jar).toRealPath().resolveSibling(SCRIPT);
            if (Files.isReadable(script)) return script;
            throw new IOException("there is no " + script);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static boolean isOpenToAll(Path script) throws IOException {
        if (!Files.getPosixFilePermissions(script).contains(PosixFilePermission.OTHERS_READ)) return false;
        for (Path folder = script.getParent(); folder != null; folder = folder.getParent()) {
            if (!Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) return false;
        }
        return true;
    }

    /** A daemon that was killed has left its own. */
    private static void empty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var files = Files.newDirectoryStream(folder, "drain-*")) {
            for (Path file : files) Files.deleteIfExists(file);
        }
    }

    /** Adds to a worker's environment what its Node processes need. */
    void addTo(Map<String, String> environment, List<String> command) {
        String given = INHERITED.matcher(environment.getOrDefault("NODE_OPTIONS", "")).replaceAll("").strip();
        if (isFenced(given, command) || !isThere()) return;
        environment.put("NODE_OPTIONS", (given + " --require=" + quoted(script.toString())).strip());
        environment.put("NARY_DRAIN_SOCKET", line.path().toString());
        if (environment.containsKey("NODE_CHANNEL_FD")) environment.put("NARY_CHANNEL", "1");
    }

    private boolean isThere() {
        boolean isThere = Files.isReadable(script);
        if (!isThere && !isTroubleSaid.getAndSet(true)) trouble.accept("Node workers cannot be told to drain: " + script + " is gone");
        return isThere;
    }

    private static boolean isFenced(String options, List<String> command) {
        return FENCES.stream().anyMatch(fence -> options.contains(fence) || command.stream().anyMatch(word -> word.contains(fence)));
    }

    /** As Node reads NODE_OPTIONS. */
    static String quoted(String path) {
        if (path.matches("[\\w./@:+-]+")) return path;
        return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
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
        try {
            Files.deleteIfExists(line.path().getParent());
        } catch (IOException e) {
            // somebody has put something there; it stays
        }
    }
}
