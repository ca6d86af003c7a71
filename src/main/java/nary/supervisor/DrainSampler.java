package nary.supervisor;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import nary.id.WorkerId;
import nary.listen.ConnectionCounts;
import nary.listen.Listeners;
import nary.listen.Listening;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Processes.Info;
import nary.posix.SockDiag.Connection;
import nary.worker.DrainSample;
import org.jspecify.annotations.Nullable;

/**
 * Looks, every 10 to 50 ms and soon again when somebody seems to have finished, at what the draining workers still hold: one dump of the
 * served ports for all of them, and a second while handshakes from before the drain are half open. When only few accepted connections are left
 * it asks for those alone, since a dump costs as much as the kernel's whole table, TIME_WAIT included; what decides is always seen by a dump. A
 * thread of its own, so that a large table delays nobody but the drain.
 */
final class DrainSampler {
    private static final long SHORTEST_MILLIS = 10;
    private static final long LONGEST_MILLIS = 50;
    private static final long DUMP_NANOS = 500_000_000;
    /** More of them cost more than a dump. */
    private static final int FEW = 256;

    private final Posix posix;
    private final Trees trees;
    private final Listeners listeners;
    private final Optional<Duration> idleGrace;
    private final BiConsumer<WorkerId, DrainSample> samples;
    private final Consumer<String> trouble;
    /** Empty until the first look. */
    private final Map<WorkerId, Optional<Arrivals>> draining = new HashMap<>();

    /** What they held at the last dump; only the sampler's thread. */
    private final Map<WorkerId, List<Connection>> held = new HashMap<>();

    private long dumpedAt;
    /** Somebody may have finished: what makes it certain is looked for soon. */
    private boolean isEnding;

    private final Set<WorkerId> closing = new HashSet<>();
    private boolean isTroubleSaid;

    DrainSampler(
            Posix posix,
            Trees trees,
            Listeners listeners,
            Optional<Duration> idleGrace,
            BiConsumer<WorkerId, DrainSample> samples,
            Consumer<String> trouble) {
        this.posix = posix;
        this.trees = trees;
        this.listeners = listeners;
        this.idleGrace = idleGrace;
        this.samples = samples;
        this.trouble = trouble;
        Thread.ofPlatform().name("drain").daemon().start(this::run);
    }

    synchronized void start(WorkerId worker) {
        draining.put(worker, Optional.empty());
        notifyAll();
    }

    synchronized void stop(WorkerId worker) {
        draining.remove(worker);
    }

    /** Refuse new connections once the worker itself has closed its listeners. */
    synchronized void closeDoor(WorkerId worker) {
        closing.add(worker);
        notifyAll();
    }

    synchronized void forget(WorkerId worker) {
        draining.remove(worker);
        closing.remove(worker);
    }

    private void run() {
        long pause = SHORTEST_MILLIS;
        try {
            while (true) {
                awaitWork();
                long begun = System.nanoTime();
                isEnding = false;
                if (!succeeds()) pause = LONGEST_MILLIS;
                // half of the time at most goes into looking
                long spent = (System.nanoTime() - begun) / 1_000_000;
                Thread.sleep(Math.max(spent, isEnding ? SHORTEST_MILLIS : pause));
                pause = Math.min(LONGEST_MILLIS, pause + 1);
                if (isIdle()) pause = SHORTEST_MILLIS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A failure is said once, until it works again: the drain timeout bounds the wait. */
    private boolean succeeds() {
        try {
            look();
            isTroubleSaid = false;
            return true;
        } catch (OsException | RuntimeException e) {
            if (!isTroubleSaid) trouble.accept("looking at connections: " + e.getMessage());
            isTroubleSaid = true;
            return false;
        }
    }

    private synchronized boolean isIdle() {
        return draining.isEmpty() && closing.isEmpty();
    }

    private synchronized void awaitWork() throws InterruptedException {
        while (isIdle()) wait();
    }

    private void look() throws OsException {
        Map<WorkerId, Optional<Arrivals>> now;
        List<WorkerId> doors;
        synchronized (this) {
            now = Map.copyOf(draining);
            doors = List.copyOf(closing);
        }
        if (!doors.isEmpty()) closeDoors(doors);
        if (now.isEmpty()) return;
        if (!glances(now)) dump(now);
    }

    /** At the few connections that were left. False if that does not do: something may have changed, or this is the end. */
    private boolean glances(Map<WorkerId, Optional<Arrivals>> now) throws OsException {
        int known = now.keySet().stream().mapToInt(it -> held.getOrDefault(it, List.of()).size()).sum();
        boolean isSettled = held.keySet().containsAll(now.keySet()) && now.values().stream().allMatch(it -> it.filter(Arrivals::areOver).isPresent());
        if (!isSettled || known > FEW || System.nanoTime() - dumpedAt >= DUMP_NANOS) return false;
        var listening = listeners.listening();
        Map<WorkerId, DrainSample> seen = new HashMap<>();
        for (WorkerId worker : now.keySet()) {
            Optional<List<Connection>> left = ConnectionCounts.again(posix, held.getOrDefault(worker, List.of()));
            if (left.isEmpty() || queued(listening, worker) > 0) return false;
            ConnectionCounts.Tally tally = ConnectionCounts.tally(left.get(), idleGrace);
            if (tally.active() == 0) return false;
            seen.put(worker, new DrainSample(0, 0, tally.active(), tally.idle()));
        }
        seen.forEach(samples);
        return true;
    }

    /** In the order in which a connection passes through: one that moves on between two looks is seen by the later one. */
    private void dump(Map<WorkerId, Optional<Arrivals>> now) throws OsException {
        boolean mayBeHalfOpen = now.values().stream().anyMatch(known -> known.isEmpty() || !known.get().halfOpen().isEmpty());
        Set<Long> halfOpen = mayBeHalfOpen ? ConnectionCounts.halfOpen(posix, listeners.ports()) : Set.of();
        var listening = listeners.listening();
        ConnectionCounts counts = ConnectionCounts.take(posix, listeners.ports());
        var table = posix.processes().table();
        Map<WorkerId, Map<Integer, Long>> awake = new HashMap<>();
        held.keySet().retainAll(now.keySet());
        now.forEach((worker, known) -> {
            Set<Pid> tree = trees.of(worker, table);
            if (!isSettled(known, listening, worker)) awake.put(worker, awake(tree));
            held.put(worker, counts.heldBy(tree));
        });
        dumpedAt = System.nanoTime();
        Unshown unshown = new Unshown(counts, table, now.keySet());
        for (var each : now.entrySet()) {
            WorkerId worker = each.getKey();
            int queued = queued(listening, worker);
            Optional<Arrivals> known = each.getValue();
            Arrivals left = Arrivals.NONE;
            if (!isSettled(known, listening, worker)) {
                var look = new Arrivals.Look(halfOpen, queued > 0, awake.getOrDefault(worker, Map.of()), unshown.here());
                left = known.map(it -> it.left(look, dumpedAt)).orElseGet(() -> Arrivals.begin(look, dumpedAt));
            }
            tell(worker, queued, left, unshown);
        }
    }

    /** Nothing is on its way to it, and nothing has come. */
    private static boolean isSettled(Optional<Arrivals> known, Map<WorkerId, List<Listening>> listening, WorkerId worker) {
        return queued(listening, worker) == 0 && known.filter(Arrivals::areOver).isPresent();
    }

    private Map<Integer, Long> awake(Set<Pid> tree) {
        Map<Integer, Long> awake = new HashMap<>();
        for (Pid pid : tree) awake.putAll(posix.processes().awake(pid));
        return awake;
    }

    private void tell(WorkerId worker, int queued, Arrivals arriving, Unshown unshown) {
        ConnectionCounts.Tally tally = ConnectionCounts.tally(held.getOrDefault(worker, List.of()), idleGrace);
        Arrivals left = tally.active() == 0 && arriving.areElsewhere() ? arriving.without(unshown.shownElsewhere()) : arriving;
        remember(worker, left);
        DrainSample sample = new DrainSample(left.count(), queued, tally.active(), tally.idle());
        isEnding |= sample.isQuiet() && tally.idle() <= FEW;
        samples.accept(worker, sample);
    }

    /** Connections that were accepted and are in no process that drains. Found out only if somebody asks: there may be many. */
    private final class Unshown {
        private final ConnectionCounts counts;
        private final List<Info> table;
        private final Set<WorkerId> drain;
        private @Nullable Set<Long> here;
        private @Nullable Set<Long> elsewhere;

        Unshown(ConnectionCounts counts, List<Info> table, Set<WorkerId> drain) {
            this.counts = counts;
            this.table = table;
            this.drain = drain;
        }

        Set<Long> here() {
            if (here == null) {
                here = counts.untouched();
                here.removeAll(cookies(held.values()));
            }
            return here;
        }

        /** What other processes show. */
        Set<Long> shownElsewhere() {
            if (elsewhere == null) elsewhere = cookies(List.of(counts.heldBy(trees.allBut(drain, table))));
            return elsewhere;
        }
    }

    private static Set<Long> cookies(Collection<List<Connection>> held) {
        return held.stream().flatMap(List::stream).map(Connection::cookie).collect(Collectors.toSet());
    }

    private static int queued(Map<WorkerId, List<Listening>> listening, WorkerId worker) {
        return listening.getOrDefault(worker, List.of()).stream().mapToInt(it -> it.queue().length()).sum();
    }

    private void closeDoors(List<WorkerId> doors) {
        var table = posix.processes().table();
        for (WorkerId worker : doors) if (listeners.closeAbandoned(worker, trees.of(worker, table))) forgetDoor(worker);
    }

    private synchronized void forgetDoor(WorkerId worker) {
        closing.remove(worker);
    }

    private synchronized void remember(WorkerId worker, Arrivals left) {
        draining.computeIfPresent(worker, (w, before) -> Optional.of(left));
    }
}
