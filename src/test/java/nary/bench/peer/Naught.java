package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** naught 1.6.0, changed in two lines so that it starts at all on a Node of today. Its logs are not rotated, as the others' are not. */
public final class Naught extends Service {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private final Path program;

    /** @param program its lib/main.js */
    public Naught(Path program, App app, int workers, Path directory) throws IOException {
        super(app, workers, directory);
        this.program = program;
    }

    @Override
    public void start() throws Exception {
        List<String> words = new ArrayList<>(List.of("start", "--max-log-size", "1000000000", "--worker-count", Integer.toString(workers)));
        words.addAll(app.script(port));
        naught(words).checked();
    }

    @Override
    public boolean deploy() throws Exception {
        Set<Long> old = new HashSet<>(workers());
        // without an end it would wait for kept connections for ever; what it then calls failed has replaced all workers none the less
        Commands.Ran ran = naught(List.of("deploy", "--timeout", "5"));
        return ran.exit() == 0 || workers().stream().noneMatch(old::contains);
    }

    @Override
    public List<String> statusCommand() {
        return List.of("node", program.toString(), "status");
    }

    /** The daemon, and the cluster's primary below it. */
    @Override
    public List<Long> managers() throws IOException {
        long daemon = pidIn("naught.pid");
        List<Long> all = new ArrayList<>(List.of(daemon));
        all.addAll(children(daemon));
        return all;
    }

    @Override
    public void close() throws Exception {
        if (Files.exists(directory.resolve("naught.pid"))) kill(pidIn("naught.pid"));
    }

    private Commands.Ran naught(List<String> words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("node", program.toString()));
        all.addAll(words);
        return Commands.run(all, environment(), directory, LIMIT);
    }

    @Override
    public String toString() {
        return "naught " + app.name();
    }
}
