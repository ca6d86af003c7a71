package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** gunicorn with all the workers itself. SIGHUP reloads: when all the workers are others. */
public final class Gunicorn extends Bare {
    public Gunicorn(App app, int workers, Path directory) throws IOException {
        super(app, workers, directory);
    }

    @Override
    protected List<String> words() {
        List<String> words = new ArrayList<>(app.words(port));
        words.set(words.indexOf("-w") + 1, Integer.toString(workers));
        return words;
    }

    @Override
    public boolean deploy() throws Exception {
        Set<Long> old = new HashSet<>(workers());
        beginDeploy();
        until("other workers of gunicorn", () -> {
            List<Long> now = children(process.pid());
            return now.size() == workers && now.stream().noneMatch(old::contains);
        });
        return true;
    }

    @Override
    public void beginDeploy() throws Exception {
        Commands.signal("HUP", process.pid());
    }

    @Override
    public String toString() {
        return "gunicorn " + app.name();
    }
}
