package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import nary.control.Client;
import nary.control.Json;
import nary.control.NoDaemon;
import nary.control.StatusCodec;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh directory in which the built nary is run as its users run it. All processes that come of it are known by a mark in their
 * environment: a test that leaves one behind fails, and a test that fails prints everything there is to read.
 */
final class Site implements BeforeEachCallback, AfterEachCallback {
    private static final String MARK = "NARY_IT";
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(90);

    private final Distribution distribution = Distribution.get();
    private List<String> prefix = distribution.prefix();
    private Path launcher = distribution.launcher();
    private final String token = UUID.randomUUID().toString();
    private final List<Ran> transcript = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Path directory;
    private int port;
    private int commands;

    /** A test run that is interrupted leaves nothing behind either. */
    private final Thread interrupted = Thread.ofPlatform().unstarted(this::abandon);

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        open();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent()) explain(context.getDisplayName());
        close();
    }

    /** A second site within a test; to be closed by it. */
    static Site another() throws IOException {
        Site site = new Site();
        site.open();
        return site;
    }

    private void open() throws IOException {
        directory = Files.createTempDirectory("nary-it-").toRealPath();
        Distribution.hand(directory);
        port = freePort();
        Runtime.getRuntime().addShutdownHook(interrupted);
        environment.put(MARK, token);
        environment.put("HOME", directory.toString());
        environment.put("XDG_RUNTIME_DIR", directory.toString());
        environment.put("PWD", directory.toString());
    }

    Path directory() {
        return directory;
    }

    int port() {
        return port;
    }

    /** From now on nary is run by root, these words before it; whatever user the other tests choose. */
    void asRoot(String... words) {
        prefix = new ArrayList<>(List.of("setsid", "env", "--default-signal=HUP,INT,TERM,CHLD"));
        prefix.addAll(List.of(words));
    }

    /** From now on nary is run by an ordinary user who gets the directory, these words of root's before. @param privileges more words for setpriv(1) */
    void asNobody(List<String> before, String... privileges) throws IOException, InterruptedException {
        asRoot(before.toArray(String[]::new));
        prefix.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        prefix.addAll(List.of(privileges));
        launcher = Distribution.readableLauncher();
        Distribution.shell("chown 65534:65534 '" + directory + "'");
    }

    /** More words before every command. */
    void then(String... words) {
        prefix.addAll(List.of(words));
    }

    Path launcher() {
        return launcher;
    }

    /** Puts a variable into the environment of every command from now on. */
    void export(String name, String value) {
        environment.put(name, value);
    }

    void withdraw(String name) {
        environment.remove(name);
    }

    /** A directory of its user's. */
    Path folder(String name) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        for (Path path = folder; !path.equals(directory); path = path.getParent()) Distribution.hand(path);
        return folder;
    }

    Ran nary(String... words) throws IOException, InterruptedException {
        return nary(directory, words);
    }

    Ran nary(Path in, String... words) throws IOException, InterruptedException {
        Ran ran = spawn(in, words).await(COMMAND_LIMIT);
        synchronized (transcript) {
            transcript.add(ran);
        }
        return ran;
    }

    Running spawn(Path in, String... words) throws IOException {
        return spawnUnder(List.of(), in, words);
    }

    /** @param under the words of a command that runs the command that follows */
    Running spawnUnder(List<String> under, Path in, String... words) throws IOException {
        List<String> command = new ArrayList<>(under);
        command.add(launcher.toString());
        command.addAll(List.of(words));
        return spawn(in, "nary " + String.join(" ", words), command);
    }

    /** The same program by the name of naught, in the site's directory. */
    Path naught() throws IOException, InterruptedException {
        Path link = directory.resolve("naught");
        if (!Files.exists(link)) assertThat(nary("install", "--as", "naught", directory.toString()).exit()).isZero();
        return link;
    }

    Ran naught(String... words) throws IOException, InterruptedException {
        Ran ran = spawnNaught(words).await(COMMAND_LIMIT);
        synchronized (transcript) {
            transcript.add(ran);
        }
        return ran;
    }

    Running spawnNaught(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(naught().toString()));
        command.addAll(List.of(words));
        return spawn(directory, "naught " + String.join(" ", words), command);
    }

    /** A script of the user that may take its time. */
    Running spawnShell(String script) throws IOException {
        return spawn(directory, script, List.of("sh", "-c", script));
    }

    /** A script of the user that runs nary. */
    Ran shell(String script) throws IOException, InterruptedException {
        Ran ran = spawn(directory, script, List.of("sh", "-c", script)).await(COMMAND_LIMIT);
        synchronized (transcript) {
            transcript.add(ran);
        }
        return ran;
    }

    private Running spawn(Path in, String name, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(words);
        Path out = directory.resolve(".out-" + ++commands);
        Path err = directory.resolve(".err-" + commands);
        ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("PWD", in.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        return new Running(name, process, out, err);
    }

    /** Starts an app, version v000, and expects it to serve. */
    void start(Server server, int workers, String... options) throws IOException, InterruptedException {
        Ran ran = tryStart(server, workers, options);
        assertThat(ran.exit()).as("%s", ran).isZero();
    }

    Ran tryStart(Server server, int workers, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("start", "--worker-count", "" + workers, "--env", "VERSION=v000"));
        words.addAll(Arrays.asList(options));
        words.add("--");
        words.addAll(server.command(distribution, port));
        return nary(words.toArray(String[]::new));
    }

    Ran deploy(String... options) throws IOException, InterruptedException {
        return nary(Stream.concat(Stream.of("deploy"), Stream.of(options)).toArray(String[]::new));
    }

    /** Asked by this process, over the control socket: a command each time would be most of what a wait costs. */
    StatusView status() throws IOException, InterruptedException {
        if (!prefix.equals(distribution.prefix())) return statusByCommand(); // as another user, in a namespace
        try (Client client = Client.connect(directory.resolve("nary.ipc"))) {
            return StatusView.of(Json.write(StatusCodec.encode(client.status(COMMAND_LIMIT))));
        } catch (NoDaemon elsewhere) {
            return statusByCommand();
        }
    }

    /** What is to hold at one moment: two looks see two. */
    @FunctionalInterface
    interface Condition {
        boolean holds(StatusView now) throws Exception;
    }

    void holds(String what, Duration limit, Condition condition) throws Exception {
        Until.holds(what, limit, () -> condition.holds(status()));
    }

    /** Where it is not in the directory, or not there at all. */
    private StatusView statusByCommand() throws IOException, InterruptedException {
        Ran ran = spawn(directory, "status", "--json").await(COMMAND_LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        return StatusView.of(ran.out());
    }

    /** One request on a new connection; the body. */
    String get(String path) throws IOException {
        try (Wire wire = Wire.connect(port)) {
            return wire.get(path);
        }
    }

    /** Pids of all that was started here and still lives, zombies excepted. */
    Set<Long> processes() throws IOException {
        Set<Long> marked = new TreeSet<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(this::isMarked)
                    .forEach(entry -> marked.add(Long.parseLong(entry.getFileName().toString())));
        }
        return marked;
    }

    /** The daemon and the workers of its status are all that lives. */
    void assertNothingElseLives() throws Exception {
        Until.holds("only the daemon and its workers live", Duration.ofSeconds(10), () -> {
            StatusView status = status();
            Set<Long> expected = new TreeSet<>(status.pids());
            expected.add(status.daemon());
            return processes().equals(expected);
        });
    }

    void assertNothingLives() throws Exception {
        Until.holds("no process is left", Duration.ofSeconds(10), () -> processes().isEmpty());
    }

    void close() throws Exception {
        try {
            if (!processes().isEmpty()) nary("stop", "--timeout", "10");
            boolean survivors = !processes().isEmpty();
            for (long pid : processes()) transcript.add(new Ran("left: " + commandLine(pid), -1, "", "", Duration.ZERO));
            String all = survivors ? transcript.toString() : "";
            kill();
            assertThat(survivors).as("processes were left behind: %s", all).isFalse();
        } finally {
            delete();
            Runtime.getRuntime().removeShutdownHook(interrupted);
        }
    }

    private void abandon() {
        try {
            kill();
            delete();
        } catch (Exception e) {
            System.err.println("left behind: " + directory + ": " + e.getMessage());
        }
    }

    /** Ends what was left on purpose. */
    void kill() throws Exception {
        for (long pid : processes()) ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        assertNothingLives();
    }

    static void signal(String name, long pid) throws IOException, InterruptedException {
        Distribution.shell("kill -" + name + " " + pid);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean isMarked(Path process) {
        try {
            byte[] environ = Files.readAllBytes(process.resolve("environ"));
            return new String(environ, StandardCharsets.ISO_8859_1).contains(MARK + "=" + token);
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    private static String commandLine(long pid) {
        try {
            return pid + " " + Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return pid + " (gone)";
        }
    }

    void explain(String test) throws IOException {
        System.out.println("======== " + test + " failed; seed " + Distribution.seed() + "; all that can be read:");
        transcript.forEach(System.out::println);
        for (long pid : processes()) System.out.println("lives: " + commandLine(pid));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) print(file);
        }
    }

    private static void print(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        String end = text.length() > 8000 ? "…" + text.substring(text.length() - 8000) : text;
        if (!end.isBlank()) System.out.println("-------- " + file.getFileName() + "\n" + end);
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
