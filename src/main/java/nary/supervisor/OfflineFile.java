package nary.supervisor;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks out for {@link Closing#OFFLINE_FILE} in the directory of the generation that serves: inotify(7), so it costs nothing while nothing happens. */
final class OfflineFile {
    /** A file that is copied is there before its content is. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Closing closing;
    private final Loop loop;
    private String directory = "";
    private @Nullable WatchService service;

    OfflineFile(Closing closing, Loop loop) {
        this.closing = closing;
        this.loop = loop;
    }

    /** After each step; only the supervisor's thread. */
    void look(State state) {
        Optional<State.Current> current = state.app().filter(App::isOnline).flatMap(_ -> state.current());
        String physical = current.map(it -> it.release().physical()).orElse(directory);
        if (physical.equals(directory)) return;
        directory = physical;
        Thread.ofVirtual().name("offline-file").start(() -> follow(Path.of(physical)));
    }

    private void follow(Path folder) {
        try (WatchService own = folder.getFileSystem().newWatchService()) {
            replace(own);
            folder.register(own, ENTRY_CREATE, ENTRY_DELETE);
            tell(folder);
            while (changes(own)) tell(folder);
        } catch (ClosedWatchServiceException another) {
            // the app is elsewhere now
        } catch (IOException | UnsupportedOperationException e) {
            loop.trouble(Closing.OFFLINE_FILE + " is not looked out for in " + folder + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void replace(WatchService next) throws IOException {
        WatchService before = service;
        service = next;
        if (before != null) before.close();
    }

    /** Waits. False when the folder is gone. */
    private static boolean changes(WatchService own) throws InterruptedException {
        WatchKey key = own.take();
        boolean isOurs = key.pollEvents().stream().anyMatch(event -> event.context() instanceof Path name && name.toString().equals(Closing.OFFLINE_FILE));
        boolean isThere = key.reset();
        if (isOurs) Thread.sleep(PAUSE);
        return isThere;
    }

    private void tell(Path folder) {
        Path file = folder.resolve(Closing.OFFLINE_FILE);
        closing.lies(Files.isRegularFile(file) ? file : null);
    }
}
