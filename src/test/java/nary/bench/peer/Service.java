package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import nary.bench.load.Caller;
import nary.demo.load.Outcome;

/** A server that runs under one manager, or bare. Its directory and processes are its own. */
public abstract class Service implements AutoCloseable {
    private static final long LIMIT_NANOS = 120_000_000_000L;

    protected final App app;
    protected final int workers;
    protected final Path directory;
    protected final int port;

    protected Service(App app, int workers, Path directory) throws IOException {
        this.app = app;
        this.workers = workers;
        this.directory = Files.createDirectories(directory);
        this.port = Ports.free();
    }

    public int port() {
        return port;
    }

    public Path directory() {
        return directory;
    }

    public App app() {
        return app;
    }

    /** Starts it and returns when the command that does so has returned. */
    public abstract void start() throws Exception;

    /** Replaces all workers, and returns when the manager says that it has. False: it said that it failed. */
    public boolean deploy() throws Exception {
        throw new UnsupportedOperationException("no deploy");
    }

    /** Begins a deploy the cheapest way the manager has, and does not wait. */
    public void beginDeploy() throws Exception {
        Thread.ofVirtual().start(() -> {
            try {
                deploy();
            } catch (Exception e) {
                // what became of it is seen from outside
            }
        });
    }

    /** Waits until nothing is being deployed any more: some managers refuse, or forget, a deploy that is asked for during another. */
    public void awaitRest() throws Exception {
        Thread.sleep(300);
    }

    /** The command that lists what runs. */
    public List<String> statusCommand() {
        return List.of();
    }

    /** What its commands need in their environment. */
    public Map<String, String> environment() {
        return app.environment();
    }

    /** The manager's processes, none of them a worker. */
    public abstract List<Long> managers() throws IOException;

    /** The workers: those children of the managers that are none. */
    public List<Long> workers() throws IOException {
        List<Long> managers = managers();
        return managers.stream().flatMap(it -> children(it).stream()).filter(it -> !managers.contains(it)).toList();
    }

    /** Ends it and all its processes, whatever state they are in. */
    @Override
    public abstract void close() throws Exception;

    /** Waits until it answers. */
    public void awaitServing() throws Exception {
        until("an answer on port " + port + " of " + this, () -> {
            try (Caller caller = new Caller(port, "/", false, 1000)) {
                return caller.ask() == Outcome.OK;
            }
        });
    }

    /** Looks every millisecond, for two minutes. */
    public static void until(String what, BooleanSupplier condition) throws TimeoutException, InterruptedException {
        for (long end = System.nanoTime() + LIMIT_NANOS; !condition.getAsBoolean(); Thread.sleep(1)) {
            if (System.nanoTime() > end) throw new TimeoutException("waited in vain for " + what);
        }
    }

    /** Of all its threads, in the order of their making. */
    public static List<Long> children(long pid) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.flatMap(it -> words(it.resolve("children"))).map(Long::valueOf).sorted().toList();
        } catch (IOException e) {
            return List.of(); // it has ended
        }
    }

    private static Stream<String> words(Path file) {
        try {
            return Stream.of(Files.readString(file).split(" ")).filter(it -> !it.isBlank());
        } catch (IOException e) {
            return Stream.of(); // the thread has ended
        }
    }

    protected static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(root -> {
            List<ProcessHandle> tree = Stream.concat(Stream.of(root), root.descendants()).toList();
            tree.forEach(ProcessHandle::destroyForcibly);
        });
    }

    protected long pidIn(String file) throws IOException {
        return Long.parseLong(Files.readString(directory.resolve(file)).strip());
    }

    protected Path log(String name) {
        return directory.resolve(name);
    }
}
