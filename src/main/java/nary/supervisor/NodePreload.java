package nary.supervisor;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A script that every Node process of a worker loads, so that it hears the {@link Announcements} and closes kept connections while it
 * drains. Other programs ignore it.
 *
 * <p>Node does not start without a script that is named. So it is a file of nary's installation, which stays as long as nary does: a copy
 * beside the app's files would go with them.
 */
final class NodePreload {
    static final String SCRIPT = "node-drain.cjs";
    /** What an outer nary has put there, if this one was started by a worker. */
    private static final Pattern INHERITED = Pattern.compile(" ?--require=(\"(\\\\.|[^\"\\\\])*/" + SCRIPT + "\"|\\S*/" + SCRIPT + ")");
    /** Under these, Node 20 and older may read nothing that the user has not named. */
    private static final Set<String> FENCES = Set.of("--experimental-permission", "--experimental-policy");

    private final Path script;
    private final Consumer<String> trouble;
    private final AtomicBoolean isTroubleSaid = new AtomicBoolean();

    private NodePreload(Path script, Consumer<String> trouble) {
        this.script = script;
        this.trouble = trouble;
    }

    /**
     * @param isRoot workers may run as, or become, another user
     * @param trouble what could not be done
     * @throws IOException if it cannot be read by all who may need it
     */
    static NodePreload find(boolean isRoot, Consumer<String> trouble) throws IOException {
        Path script = installed();
        if (isRoot && !isOpenToAll(script)) throw new IOException(script + " cannot be read by all users: install nary where they can");
        return new NodePreload(script, trouble);
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

    /** Adds to a worker's environment what its Node processes need. */
    void addTo(Map<String, String> environment, List<String> command) {
        String given = INHERITED.matcher(environment.getOrDefault("NODE_OPTIONS", "")).replaceAll("").strip();
        if (isFenced(given, command) || !isThere()) return;
        environment.put("NODE_OPTIONS", (given + " --require=" + quoted(script.toString())).strip());
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
}
