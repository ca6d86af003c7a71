package nary.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import nary.config.Durations;
import nary.config.Hooks;
import nary.config.Hooks.Hook;
import nary.config.Hooks.Occasion;
import nary.config.Launch;
import nary.config.Release;
import nary.id.WorkerId;
import nary.posix.OsException;
import nary.posix.Posix;
import nary.rollout.Reason;

/**
 * Runs the user's commands for what has happened, on threads of its own: a few at a time, some more wait, and what is beyond is dropped and
 * said. Thread-safe; nobody ever waits for it but {@link #close}.
 */
public final class HookRunner implements AutoCloseable {
    private static final int AT_ONCE = 4;
    private static final int MOST_WAITING = 32;
    private static final long IDLE_SECONDS = 10;
    /** When the app has ended, what is still running for another reason gets so long. */
    private static final Duration LAST_CHANCE = Duration.ofSeconds(2);

    /** Of a command, in what is said about it. */
    private static final int LONGEST_NAME = 40;

    private static final Duration KILLING = Duration.ofSeconds(15);

    private final Posix posix;
    private final Launch launch;
    private final CompletableFuture<Loop> loop;
    private final Consumer<Notice> notices;
    private final ThreadPoolExecutor threads;
    private final Queue<Thread> farewells = new ConcurrentLinkedQueue<>();
    private final AtomicInteger last = new AtomicInteger();
    private volatile long closedAt;
    private volatile boolean isClosing;

    /** @param loop when it runs; @param notices told what became of a command, from any thread; must not block */
    public HookRunner(Posix posix, Launch launch, CompletableFuture<Loop> loop, Consumer<Notice> notices) {
        this.posix = posix;
        this.launch = launch;
        this.loop = loop;
        this.notices = notices;
        this.threads = new ThreadPoolExecutor(
                AT_ONCE,
                AT_ONCE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("hook").factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** What kind of hook this event is for, if any. */
    static Optional<Occasion> occasion(Notice notice) {
        return switch (notice.name()) {
            case "Ready" -> Optional.of(Occasion.READY);
            case "Deployed" -> Optional.of(Occasion.DEPLOYED);
            case "DeployDone", "ScaleDone" -> Optional.of(Occasion.FAILED);
            // one that is about a worker is followed by one about the app or the deploy
            case "BootFailed" -> notice.worker().isEmpty() ? Optional.of(Occasion.FAILED) : Optional.empty();
            case "WorkerDeath" -> notice.reason().filter(Reason.FINISHED::equals).isEmpty() ? Optional.of(Occasion.CRASHED) : Optional.empty();
            case "WorkerFailed" -> Optional.of(Occasion.CRASHED);
            case "Stalled", "Hung" -> Optional.of(Occasion.STALLED);
            case "Shutdown" -> Optional.of(Occasion.STOPPED);
            default -> Optional.empty();
        };
    }

    /** Never waits. */
    public void heard(Notice notice) {
        Optional<Occasion> occasion = occasion(notice);
        if (occasion.isEmpty()) return;
        for (Hook hook : launch.hooks().all()) if (hook.occasion() == occasion.get()) submit(hook, notice);
    }

    private void submit(Hook hook, Notice notice) {
        // the last of all are behind nobody
        if (hook.occasion() == Occasion.STOPPED) {
            farewells.add(Thread.ofPlatform().daemon().name("hook").start(() -> run(hook, notice)));
            return;
        }
        try {
            threads.execute(() -> run(hook, notice));
        } catch (RejectedExecutionException full) {
            say("HookDropped", hook, notice, "is not run: " + (AT_ONCE + MOST_WAITING) + " run or wait already");
        }
    }

    private void run(Hook hook, Notice notice) {
        if (isCut(hook)) {
            say("HookDropped", hook, notice, "is not run: the app has ended");
            return;
        }
        HookProcess process = new HookProcess(posix, loop.join().trees(), new WorkerId(0, 0, last.incrementAndGet()));
        try {
            long began = System.nanoTime();
            var end = process.run(hook.command(), directory(), HookFacts.environment(hook, notice, launch, release()), launch.confinement(), () -> isOver(hook, began));
            end.lines().forEach(line -> say("HookSaid", hook, notice, "said: " + line));
            if (end.isCut()) say("HookFailed", hook, notice, cut(hook) + " and was killed");
            else say(end.isDone() ? "HookDone" : "HookFailed", hook, notice, end.isDone() ? "is done" : "failed: " + end.exit());
        } catch (OsException | RuntimeException e) {
            say("HookFailed", hook, notice, "could not be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String cut(Hook hook) {
        return isCut(hook) ? "had not ended when the app had" : "did not end within " + Durations.text(launch.hooks().timeout());
    }

    /** The directory may be gone; a command to tell somebody of that can still be run. */
    private String directory() {
        String directory = release().physical();
        return Files.isDirectory(Path.of(directory)) ? directory : "/";
    }

    private Release release() {
        return loop.join().state().current().map(State.Current::release).orElse(launch.release());
    }

    private boolean isOver(Hook hook, long began) {
        return System.nanoTime() - began >= launch.hooks().timeout().toNanos() || isCut(hook);
    }

    private boolean isCut(Hook hook) {
        return isClosing && hook.occasion() != Occasion.STOPPED && System.nanoTime() - closedAt >= LAST_CHANCE.toNanos();
    }

    private void say(String name, Hook hook, Notice about, String text) {
        String command = hook.command().length() > LONGEST_NAME ? hook.command().substring(0, LONGEST_NAME) + "…" : hook.command();
        String whole = "hook " + hook.occasion().text() + " (" + command + ") " + text;
        notices.accept(new Notice(Optional.empty(), name, about.worker(), about.generation(), Optional.empty(), Optional.empty(), whole, Optional.empty()));
    }

    /** The app has ended: waits for the commands that are run for that, and gives the others a moment. */
    @Override
    public void close() throws InterruptedException {
        closedAt = System.nanoTime();
        isClosing = true;
        threads.shutdown();
        if (!threads.awaitTermination(LAST_CHANCE.plus(KILLING).toMillis(), TimeUnit.MILLISECONDS)) threads.shutdownNow();
        for (Thread farewell : farewells) if (!farewell.join(launch.hooks().timeout().plus(KILLING))) farewell.interrupt();
    }

    /** For {@link Launch#hooks}. @return empty where there is nothing to run */
    public static Optional<HookRunner> of(Posix posix, Launch launch, CompletableFuture<Loop> loop, Consumer<Notice> notices) {
        List<Hook> all = launch.hooks().all();
        return all.equals(Hooks.NONE.all()) ? Optional.empty() : Optional.of(new HookRunner(posix, launch, loop, notices));
    }
}
