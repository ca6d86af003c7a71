package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** pm2 in cluster mode, with a daemon of its own for each service. */
public final class Pm2 extends Service {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private final Path program;

    /** @param program its bin/pm2 */
    public Pm2(Path program, App app, int workers, Path directory) throws IOException {
        super(app, workers, directory);
        this.program = program;
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(app.environment());
        all.put("PM2_HOME", directory.resolve("pm2").toString());
        all.put("PM2_DISCRETE_MODE", "true");
        return all;
    }

    @Override
    public void start() throws Exception {
        List<String> script = app.script(port);
        List<String> words = new ArrayList<>(List.of("start", script.getFirst(), "-i", Integer.toString(workers), "--name", "app", "--"));
        words.addAll(script.subList(1, script.size()));
        pm2(words).checked();
    }

    @Override
    public boolean deploy() throws Exception {
        return pm2(List.of("reload", "app")).exit() == 0;
    }

    @Override
    public List<String> statusCommand() {
        return List.of("node", program.toString(), "ls");
    }

    @Override
    public List<Long> managers() throws IOException {
        return List.of(pidIn("pm2/pm2.pid"));
    }

    @Override
    public void close() throws Exception {
        if (Files.exists(directory.resolve("pm2/pm2.pid"))) kill(pidIn("pm2/pm2.pid"));
    }

    private Commands.Ran pm2(List<String> words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("node", program.toString()));
        all.addAll(words);
        return Commands.run(all, environment(), directory, LIMIT);
    }

    @Override
    public String toString() {
        return "pm2 " + app.name();
    }
}
