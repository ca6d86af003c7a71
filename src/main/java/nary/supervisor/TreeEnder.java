package nary.supervisor;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import nary.id.WorkerId;
import nary.log.Capture;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Signals;

/** Ends what a worker's leader left behind: first its stop signal, at the stop timeout SIGKILL. One virtual thread a tree. Used by the supervisor's thread. */
final class TreeEnder {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final long LOOK_MILLIS = 10;
    private static final long LONGEST_LOOK_MILLIS = 100;
    private static final long SPAWN_LIMIT_MILLIS = 100;

    private final Posix posix;
    private final Trees trees;
    private final int stopSignal;
    private final Duration stopTimeout;
    private final Capture capture;
    private final Consumer<String> trouble;
    private final List<Runnable> due = new ArrayList<>();

    TreeEnder(Posix posix, Trees trees, Capture capture, int stopSignal, Duration stopTimeout, Consumer<String> trouble) {
        this.posix = posix;
        this.trees = trees;
        this.capture = capture;
        this.stopSignal = stopSignal;
        this.stopTimeout = stopTimeout;
        this.trouble = trouble;
    }

    /** @param ended called when nothing of the worker is left; begun by {@link #look} */
    void end(WorkerId worker, Runnable ended) {
        due.add(() -> endAndTell(worker, ended));
    }

    /** After each step, when it is known who is to be replaced. */
    void look() {
        due.forEach(Runnable::run);
        due.clear();
    }

    private void endAndTell(WorkerId worker, Runnable ended) {
        var isTold = new AtomicBoolean();
        Runnable tell = () -> {
            if (!isTold.getAndSet(true)) ended.run();
        };
        Thread.ofVirtual().name("end " + worker).start(() -> {
            try {
                trees.awaitSpawns(SPAWN_LIMIT_MILLIS);
                endAll(worker, tell);
                // nobody can write any more: what the worker said last is read before its end is told
                capture.awaitEnd(worker, LAST_WORDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                trees.forget(worker);
                tell.run();
            }
        });
    }

    private void endAll(WorkerId worker, Runnable tell) throws InterruptedException {
        long asked = System.nanoTime();
        Set<Pid> signalled = new HashSet<>();
        long pause = LOOK_MILLIS;
        while (true) {
            long looked = System.nanoTime();
            Set<Pid> left = look(worker, tell);
            asked += System.nanoTime() - looked; // who was not seen has not been asked yet
            if (left.isEmpty()) return;
            Duration waited = since(asked);
            if (isOver(waited)) {
                trouble.accept("processes " + left + " of worker " + worker + " do not end, not even by SIGKILL");
                return;
            }
            boolean kill = waited.compareTo(stopTimeout) >= 0;
            for (Pid pid : left) if (kill || signalled.add(pid)) signal(pid, kill ? Signals.KILL : stopSignal);
            Thread.sleep(pause);
            pause = Math.min(LONGEST_LOOK_MILLIS, pause + pause / 4);
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private boolean isOver(Duration waited) {
        return waited.compareTo(stopTimeout.plus(KILL_LIMIT)) > 0;
    }

    /**
     * Blind, for want of a descriptor, we do not take the tree for gone and go on looking; but who waits for its end is told when one that
     * SIGKILL does not end would be given up.
     */
    private Set<Pid> look(WorkerId worker, Runnable tell) throws InterruptedException {
        long begun = System.nanoTime();
        boolean isSaid = false;
        boolean isGivenUp = false;
        while (true) {
            try {
                return trees.of(worker);
            } catch (UncheckedIOException blind) {
                if (!isSaid) trouble.accept("ending worker " + worker + " waits: " + blind.getMessage());
                isSaid = true;
                if (!isGivenUp && isOver(since(begun))) {
                    trouble.accept("whether worker " + worker + " left processes is not known: " + blind.getMessage());
                    tell.run();
                    isGivenUp = true;
                }
                Thread.sleep(LONGEST_LOOK_MILLIS);
            }
        }
    }

    private void signal(Pid pid, int signal) {
        try {
            posix.processes().signal(pid, signal);
        } catch (OsException e) {
            trouble.accept(e.getMessage());
        }
    }
}
