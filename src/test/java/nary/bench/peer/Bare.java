package nary.bench.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server alone: nobody manages it. */
public class Bare extends Service {
    protected Process process;

    public Bare(App app, Path directory) throws java.io.IOException {
        super(app, 1, directory);
    }

    protected Bare(App app, int workers, Path directory) throws java.io.IOException {
        super(app, workers, directory);
    }

    protected List<String> words() {
        return app.words(port);
    }

    /** In a session of its own, as daemons have it: the scheduler shares the processors out by session (autogroup). */
    @Override
    public void start() throws Exception {
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(words());
        process = Commands.start(words, environment(), directory, log("out"), log("err"));
    }

    @Override
    public List<Long> managers() {
        return List.of(process.pid());
    }

    @Override
    public void close() throws Exception {
        if (process == null) return;
        kill(process.pid());
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public String toString() {
        return "bare " + app.name();
    }
}
