package nary.supervisor;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import nary.config.Glob;
import nary.config.Launch;
import nary.config.Output;
import org.jspecify.annotations.Nullable;

/**
 * Tells of files below a directory that change, when they have not changed for a moment: {@code --watch}. What nary writes itself does not
 * count, nor does what lies in {@code node_modules} or {@code .git}.
 */
final class FileWatch {
    /** Who saves several files, or has a tool write them, is done when nothing has come for so long. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int MOST_FOLDERS = 10_000;
    private static final Set<String> IGNORED = Set.of("node_modules", ".git");

    private final List<PathMatcher> wanted;
    private final List<Pattern> own;
    private final Consumer<List<Path>> changes;
    private final Consumer<String> trouble;
    private @Nullable Path root;
    private @Nullable Watching watching;

    /** @param changes told the files that changed, relative to the directory; from a thread of its own */
    FileWatch(List<Glob> globs, Launch.Files files, Consumer<List<Path>> changes, Consumer<String> trouble) {
        this.wanted = globs.stream().map(Glob::matcher).toList();
        this.own = List.of(ofLog(files.log()), ofLog(files.stdout()), ofLog(files.stderr()), begins(files.ipc()), begins(files.pid()));
        this.changes = changes;
        this.trouble = trouble;
    }

    /** The log, one for each slot, and its rotated parts. */
    private static Pattern ofLog(String file) {
        int dot = file.lastIndexOf('.');
        int end = dot > file.lastIndexOf('/') + 1 ? dot : file.length();
        return Pattern.compile(quoted(file.substring(0, end)) + "(-[0-9]{13,18})?" + quoted(file.substring(end)) + "(\\.gz|\\.gz\\.tmp)?");
    }

    private static String quoted(String text) {
        return String.join("[0-9]+", java.util.Arrays.stream(text.split(Pattern.quote(Output.SLOT), -1)).map(Pattern::quote).toList());
    }

    private static Pattern begins(String file) {
        return Pattern.compile(Pattern.quote(file) + ".*");
    }

    /** From now on, this directory. */
    synchronized void watch(Path directory) {
        if (directory.equals(root)) return;
        close();
        root = directory;
        try {
            Watching next = new Watching(directory, FileSystems.getDefault().newWatchService());
            watching = next;
            Thread.ofVirtual().name("watch").start(next::run);
        } catch (IOException e) {
            trouble.accept("--watch: " + directory + ": " + e.getMessage());
        }
    }

    synchronized void close() {
        if (watching != null) watching.close();
        watching = null;
    }

    private boolean isWanted(Path root, Path file) {
        Path relative = root.relativize(file);
        boolean isIgnored = own.stream().anyMatch(it -> it.matcher(file.toString()).matches());
        return !isIgnored && wanted.stream().anyMatch(it -> it.matches(relative));
    }

    /** One directory and what is below it. Its methods run on one thread, but for {@link #close}. */
    private final class Watching {
        private final Path root;
        private final WatchService service;
        private final Set<Path> changed = new LinkedHashSet<>();
        private int folders;
        private boolean isTroubleSaid;

        Watching(Path root, WatchService service) {
            this.root = root;
            this.service = service;
        }

        void run() {
            try {
                register(root, false);
                while (true) {
                    note(service.take());
                    if (!changed.isEmpty()) tell();
                }
            } catch (InterruptedException | ClosedWatchServiceException closed) {
                // the directory is another now, or nary ends
            }
        }

        private void tell() throws InterruptedException {
            long end = System.nanoTime() + LONGEST.toNanos();
            for (WatchKey more = poll(); more != null && System.nanoTime() - end < 0; more = poll()) note(more);
            changes.accept(changed.stream().map(root::relativize).toList());
            changed.clear();
        }

        private @Nullable WatchKey poll() throws InterruptedException {
            return service.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void note(WatchKey key) {
            Path folder = (Path) key.watchable();
            for (WatchEvent<?> event : key.pollEvents()) {
                if (event.context() instanceof Path name) note(folder.resolve(name), event.kind());
                // so many that some were lost
                else changed.add(folder);
            }
            if (!key.reset()) folders--;
        }

        private void note(Path file, WatchEvent.Kind<?> kind) {
            boolean isFolder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
            if (isFolder && kind == StandardWatchEventKinds.ENTRY_CREATE) register(file, true);
            else if (!isFolder && isWanted(root, file)) changed.add(file);
        }

        /** @param isNew what lies in it has come since the last look */
        private void register(Path top, boolean isNew) {
            try {
                Files.walkFileTree(top, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                        if (IGNORED.contains(String.valueOf(folder.getFileName())) && !folder.equals(root)) return FileVisitResult.SKIP_SUBTREE;
                        return register(folder);
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (isNew && isWanted(root, file)) changed.add(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException gone) {
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                say(e.getMessage() + "; some folders are not watched (see fs.inotify.max_user_watches)");
            }
        }

        private FileVisitResult register(Path folder) throws IOException {
            if (folders >= MOST_FOLDERS) {
                say("more than " + MOST_FOLDERS + " folders; the others are not watched");
                return FileVisitResult.TERMINATE;
            }
            folder.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
            folders++;
            return FileVisitResult.CONTINUE;
        }

        private void say(String text) {
            if (!isTroubleSaid) trouble.accept("--watch: " + root + ": " + text);
            isTroubleSaid = true;
        }

        void close() {
            try {
                service.close();
            } catch (IOException e) {
                trouble.accept("--watch: " + root + ": " + e.getMessage());
            }
        }
    }
}
