package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The server under nary, with nary's defaults. */
public class Nary extends Service {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private final Path launcher;
    private final List<String> options;

    /** @param options of {@code nary start} */
    public Nary(Path launcher, App app, int workers, Path directory, List<String> options) throws IOException {
        super(app, workers, directory);
        this.launcher = launcher;
        this.options = List.copyOf(options);
    }

    @Override
    public void start() throws Exception {
        List<String> words = new ArrayList<>(List.of(launcher.toString(), "start", "--worker-count", Integer.toString(workers)));
        words.addAll(options);
        words.add("--");
        words.addAll(app.words(port));
        Commands.run(words, environment(), directory, LIMIT).checked();
    }

    @Override
    public boolean deploy() throws Exception {
        return nary("deploy").exit() == 0;
    }

    @Override
    public void awaitRest() throws Exception {
        until("the end of the deploy of " + this, this::rests);
    }

    private boolean rests() {
        try {
            return nary("status", "--json").out().contains("\"state\":\"online\"");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** SIGHUP: no command starts. */
    @Override
    public void beginDeploy() throws Exception {
        Commands.signal("HUP", managers().getFirst());
    }

    /** A command of it. */
    public Commands.Ran nary(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(launcher.toString()));
        all.addAll(List.of(words));
        return Commands.run(all, environment(), directory, LIMIT);
    }

    @Override
    public List<String> statusCommand() {
        return List.of(launcher.toString(), "status");
    }

    @Override
    public List<Long> managers() throws IOException {
        return List.of(pidIn("nary.pid"));
    }

    @Override
    public void close() throws Exception {
        if (Files.exists(directory.resolve("nary.pid"))) kill(pidIn("nary.pid"));
    }

    @Override
    public String toString() {
        return "nary " + app.name();
    }
}
