package nary.fleet.roll;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import nary.config.Durations;
import nary.fleet.plan.Effect;
import nary.fleet.plan.Place;
import nary.fleet.plan.State;
import nary.fleet.plan.Step;

/** Keeps a log for each server in the run's folder, and passes everything on. A log that cannot be written is said once, and missed. */
final class HostLogs implements Voice, AutoCloseable {
    private final Path folder;
    private final Voice next;
    private final Map<String, Writer> open = new HashMap<>();
    private boolean isBroken;

    HostLogs(Path folder, Voice next) {
        this.folder = folder;
        this.next = next;
    }

    @Override
    public void changed(State state) {
        next.changed(state);
    }

    @Override
    public void begins(State state, Effect.Perform step) {
        write(step.place().server(), step.step().word() + " begins" + step.release().map(it -> ", release " + it).orElse(""));
        next.begins(state, step);
    }

    @Override
    public void ends(State state, Place place, Step step, Duration took, String trouble) {
        String how = trouble.isEmpty() ? "done" : "failed: " + trouble;
        write(place.server(), step.word() + " " + how + " after " + Durations.text(took));
        next.ends(state, place, step, took, trouble);
    }

    @Override
    public void tell(String line) {
        next.tell(line);
    }

    @Override
    public void log(String server, String line) {
        write(server, "  " + line);
        next.log(server, line);
    }

    @Override
    public boolean ask(String question) throws InterruptedException {
        return next.ask(question);
    }

    private synchronized void write(String server, String line) {
        if (isBroken) return;
        try {
            Writer writer = open.get(server);
            if (writer == null) {
                writer = Files.newBufferedWriter(folder.resolve(server.replaceAll("[^A-Za-z0-9._-]", "_") + ".log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                open.put(server, writer);
            }
            writer.write(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line + "\n");
            writer.flush();
        } catch (IOException e) {
            isBroken = true;
            next.tell("the servers' logs cannot be written any more: " + e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        for (Writer writer : open.values()) {
            try {
                writer.close();
            } catch (IOException e) {
                next.tell("a server's log is not whole: " + e.getMessage());
            }
        }
    }
}
