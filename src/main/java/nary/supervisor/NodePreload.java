package nary.supervisor;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import nary.id.WorkerId;

/**
 * Makes Node workers close kept connections while they drain: a script that every Node process of a worker loads, and the line on which
 * it is told. Other programs ignore both. Without it a deploy goes on all the same, so trouble here fails nothing.
 */
final class NodePreload implements AutoCloseable {
    private static final String SCRIPT = "node-drain.cjs";
    private static final String SUFFIX = ".node";
    /** sun_path of unix(7), less its final zero. */
    private static final int LONGEST_PATH = 107;
    /** What an outer nary has put there, if this one was started by a worker. */
    private static final Pattern INHERITED = Pattern.compile(" ?--require=(\"(\\\\.|[^\"\\\\])*/" + SCRIPT + "\"|\\S*/" + SCRIPT + ")");

    private final Path script;
    private final DrainLine line;

    private NodePreload(Path script, DrainLine line) {
        this.script = script;
        this.line = line;
    }

    /**
     * @param ipc the control socket: the folder lies beside it, since nobody tidies up there while the app runs
     * @param trouble what could not be done
     */
    static NodePreload open(Path ipc, Consumer<String> trouble) throws IOException {
        String name = "drain-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        Path folder = ipc.resolveSibling(ipc.getFileName() + SUFFIX);
        if (bytes(folder.resolve(name)) > LONGEST_PATH) folder = Files.createTempDirectory("nary-");
        else empty(folder);
        // workers of other users must get in; what the socket is called only they are told
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        NodePreload preload = new NodePreload(folder.resolve(SCRIPT), DrainLine.open(folder.resolve(name), trouble));
        preload.write();
        return preload;
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** A daemon that was killed has left its own. */
    private static void empty(Path folder) throws IOException {
        if (Files.isDirectory(folder)) remove(folder);
        Files.createDirectories(folder);
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) if (isOurs(file.getFileName().toString())) Files.deleteIfExists(file);
        }
    }

    private static boolean isOurs(String name) {
        return name.equals(SCRIPT) || name.startsWith("drain-");
    }

    private void write() throws IOException {
        try (InputStream in = NodePreload.class.getResourceAsStream("/nary/" + SCRIPT)) {
            if (in == null) throw new FileNotFoundException(SCRIPT);
            Files.write(script, in.readAllBytes());
        }
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Adds to a worker's environment what its Node processes need. Node does not start without a script that is named: then it is not. */
    void addTo(Map<String, String> environment) {
        String given = INHERITED.matcher(environment.getOrDefault("NODE_OPTIONS", "")).replaceAll("").strip();
        if (!Files.isRegularFile(script)) return;
        environment.put("NODE_OPTIONS", (given + " --require=" + quoted(script.toString())).strip());
        environment.put("NARY_DRAIN_SOCKET", line.path().toString());
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

    void forget(WorkerId worker) {
        line.forget(worker);
    }

    @Override
    public void close() {
        line.close();
        try {
            Files.deleteIfExists(script);
            Files.deleteIfExists(script.getParent());
        } catch (IOException e) {
            // somebody has put something there; it stays
        }
    }
}
