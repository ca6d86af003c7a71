package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The server under nary, deployed by SIGHUP: no command of nary's, a JVM of its own, starts meanwhile. */
public final class SignalledNary extends Nary {
    private static final long POLL_MILLIS = 50;
    private static final long LIMIT_NANOS = 120_000_000_000L;

    public SignalledNary(Path launcher, App app, int workers, Path directory) throws IOException {
        super(launcher, app, workers, directory, List.of());
    }

    @Override
    public boolean deploy() throws IOException, InterruptedException, TimeoutException {
        long before = ended();
        Commands.signal("HUP", managers().getFirst());
        long end = System.nanoTime() + LIMIT_NANOS;
        while (ended() <= before) {
            if (System.nanoTime() > end) throw new TimeoutException("waited in vain for the end of a deploy of " + this);
            Thread.sleep(POLL_MILLIS); // more often it would be a load of its own
        }
        return true;
    }

    /** Deploys that have ended well, by the log of events. */
    private long ended() {
        try (var lines = Files.lines(directory.resolve("nary.log"))) {
            return lines.filter(line -> line.contains(" Deployed ")).count();
        } catch (IOException e) {
            return 0; // it is just being rotated: asked again
        }
    }
}
