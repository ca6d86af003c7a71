package nary.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import nary.config.Maintenance;
import nary.listen.ClosedPage;
import nary.listen.StandIn;
import nary.posix.OsException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the app is closed for maintenance: new connections are answered by nary itself, those that the workers have go on. Asked for by a
 * command, or by a file {@code app_offline.htm} in the app's directory; it is closed as long as either says so, and the command's page comes
 * first. Thread-safe; reads files, so not for the supervisor's thread.
 */
public final class Closing {
    static final String OFFLINE_FILE = "app_offline.htm";
    private static final String USUAL_PAGE = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Maintenance</title>
            <body><h1>Closed for maintenance</h1><p>Please try again in a moment.</p></body></html>
            """;

    private final StandIn standIn;
    private final Loop loop;
    /** Runs on the supervisor's thread: workers that listen for it end their kept connections, or keep them again. */
    private final Runnable drainKept;

    private final Runnable keepAgain;
    /** By a command. */
    private Optional<Maintenance> asked = Optional.empty();

    private String by = "";
    private @Nullable Path offline;
    private volatile String text = "";

    Closing(StandIn standIn, Loop loop, Runnable drainKept, Runnable keepAgain) {
        this.standIn = standIn;
        this.loop = loop;
        this.drainKept = drainKept;
        this.keepAgain = keepAgain;
    }

    /** Why the app is closed; empty: it is open. */
    public String text() {
        return text;
    }

    /** @param who asks, for the log */
    public synchronized Outcome close(Maintenance wish, String who) {
        Optional<Maintenance> before = asked;
        String byBefore = by;
        asked = Optional.of(wish);
        by = who;
        try {
            follow();
            return new Outcome.Done("closed for maintenance; requests under way finish");
        } catch (IOException e) {
            asked = before;
            by = byBefore;
            return new Outcome.Failed(String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    public synchronized Outcome open(String who) {
        if (asked.isEmpty() && offline != null) return new Outcome.Refused("closed by " + offline + ": remove it");
        if (asked.isEmpty()) return new Outcome.Refused("the app is not closed for maintenance");
        asked = Optional.empty();
        by = who;
        try {
            follow();
            return new Outcome.Done(offline == null ? "open again" : "still closed by " + offline);
        } catch (IOException e) {
            return new Outcome.Failed(String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    /** @param file the one that closes the app; null: there is none */
    synchronized void lies(@Nullable Path file) {
        if (java.util.Objects.equals(file, offline)) return;
        offline = file;
        try {
            follow();
        } catch (IOException e) {
            loop.trouble("maintenance: " + e.getMessage());
        }
    }

    private void follow() throws IOException {
        String before = text;
        if (asked.isPresent()) closeBy(asked.get(), "by " + by);
        else if (offline != null) closeBy(Maintenance.by(offline.toString()), "by " + offline);
        else openAgain();
        if (before.equals(text)) return;
        String said = text.isEmpty() ? "open again: new connections go to the workers" : text + ": nary answers new connections itself";
        loop.run(() -> loop.emit(new Notice(text.isEmpty() ? "Opened" : "Closed", Optional.empty(), said)));
    }

    private void closeBy(Maintenance how, String why) throws IOException {
        if (loop.listeners().ports().isEmpty()) throw new IOException("nary manages no listener of this app: there is nothing to close");
        byte[] given = how.page().isPresent() ? read(Path.of(how.page().get())) : new byte[0];
        byte[] page = given.length > 0 ? given : USUAL_PAGE.getBytes(StandardCharsets.UTF_8);
        standIn.close(new ClosedPage(page, how.retryAfter().toSeconds(), how.monitor().filter(_ -> how.monitorPasses())));
        text = "closed for maintenance " + why;
        loop.run(drainKept);
    }

    private static byte[] read(Path page) throws IOException {
        long size = Files.size(page);
        if (size > Maintenance.LARGEST_PAGE) throw new IOException(page + " has " + size + " bytes, a page may have " + Maintenance.LARGEST_PAGE);
        return Files.readAllBytes(page);
    }

    private void openAgain() throws OsException {
        standIn.open();
        text = "";
        loop.run(keepAgain);
    }
}
