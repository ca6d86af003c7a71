package nary.supervisor;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import nary.id.WorkerId;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.worker.Phase;

/** Looks, every 10 s, how much memory the processes of each serving worker use together: {@code --max-memory}. Sleeps while nobody serves. */
final class MemorySampler {
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Posix posix;
    private final Trees trees;
    private final Consumer<Event> events;
    private final Consumer<String> trouble;
    private final Thread thread;
    private Set<WorkerId> watched = Set.of();
    private boolean isTroubleSaid;

    MemorySampler(Posix posix, Trees trees, Consumer<Event> events, Consumer<String> trouble) {
        this.posix = posix;
        this.trees = trees;
        this.events = events;
        this.trouble = trouble;
        this.thread = Thread.ofVirtual().name("memory").start(this::run);
    }

    synchronized void watch(State state) {
        Set<WorkerId> serving = new HashSet<>();
        state.generations().forEach(generation -> generation.in(Phase.SERVING).forEach(it -> serving.add(it.id())));
        if (serving.equals(watched)) return;
        watched = Set.copyOf(serving);
        notifyAll();
    }

    private void run() {
        try {
            while (true) {
                awaitWork();
                Thread.sleep(PAUSE);
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitWork() throws InterruptedException {
        while (watched.isEmpty()) wait();
    }

    private synchronized Set<WorkerId> watched() {
        return watched;
    }

    private void look() {
        try {
            Map<WorkerId, Set<Pid>> processes = trees.of(watched());
            processes.forEach((worker, tree) -> events.accept(new Event.MemorySampled(worker, sum(tree))));
            isTroubleSaid = false;
        } catch (UncheckedIOException blind) {
            if (!isTroubleSaid) trouble.accept("looking at the workers' memory: " + blind.getMessage());
            isTroubleSaid = true;
        }
    }

    private long sum(Set<Pid> tree) {
        return tree.stream().mapToLong(posix.processes()::proportionalBytes).sum();
    }

    void close() {
        thread.interrupt();
    }
}
