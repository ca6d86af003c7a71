package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** bench/apps/cluster.js: Node's own cluster and the small master that users write for it. SIGHUP reloads. */
public final class Cluster extends Bare {
    private final Path master;
    private int reloads;

    public Cluster(Path master, App app, int workers, Path directory) throws IOException {
        super(app, workers, directory);
        this.master = master;
    }

    @Override
    protected List<String> words() {
        List<String> words = new ArrayList<>(List.of(app.words().getFirst(), master.toString(), Integer.toString(workers)));
        words.addAll(app.script(port));
        return words;
    }

    @Override
    public boolean deploy() throws Exception {
        String done = "reloaded " + ++reloads + "\n";
        beginDeploy();
        until(done, () -> said().contains(done));
        return true;
    }

    @Override
    public void beginDeploy() throws Exception {
        Commands.signal("HUP", process.pid());
    }

    private String said() {
        try {
            return Files.readString(log("out"));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public String toString() {
        return "cluster " + app.name();
    }
}
