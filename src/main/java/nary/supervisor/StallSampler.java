package nary.supervisor;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import nary.id.WorkerId;
import nary.listen.Listeners;
import nary.listen.Listening;
import nary.posix.OsException;
import nary.posix.Poll;
import nary.posix.Posix;
import nary.worker.Phase;
import nary.worker.Worker.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * Looks, every 20 ms, at the accept queues of the workers that serve. One that does not shrink while connections wait in it for three looks
 * belongs to a worker that accepts nothing: a GC pause, a blocked event loop, SIGSTOP. Where a worker stalls again and again for moments, as
 * all do when the machine has too few processors, it is given twice the time each time. Sleeps where nothing could be done about a stall:
 * with one worker only that is not stalled, and no --stall-timeout. Where all queues have been empty for a while, it sleeps until a connection
 * waits.
 */
final class StallSampler {
    private static final long PAUSE_MILLIS = 20;
    /** Looks without progress that make a stall: 60 ms, and 80 until it is told, of the 100 within which it is to be spared. */
    static final int ENOUGH = 3;

    private static final int MOST = 50;
    private static final int LONG = 100;
    /** Looks without a stall, 10 s, after which a worker is trusted as at first. */
    private static final int CALM = 500;
    /** Looks at empty queues before the sampler dozes: one that dozed at once would be woken by each connection of a busy app. */
    private static final int EMPTY_LOOKS = 5;
    /** What somebody begins to listen on meanwhile is not watched for longer than that. */
    private static final Duration DOZE = Duration.ofSeconds(1);

    private final Posix posix;
    private final Listeners listeners;
    private final boolean isBounded;
    private final Consumer<Event> events;
    private final Consumer<String> trouble;
    private final Map<WorkerId, Watch> watches = new HashMap<>();
    private Set<WorkerId> watched = Set.of();
    /** Wakes the sampler while it dozes; kept until it dozes again, so that it has the same number of descriptors all the time. */
    private @Nullable Poll alarm;

    private int emptyLooks;
    private boolean isTroubleSaid;

    /**
     * @param queued connections that waited at the last look
     * @param stuck looks without progress until now
     * @param calm looks since it last stalled
     * @param patience looks without progress that make a stall
     */
    private record Watch(int queued, int stuck, int calm, int patience, boolean isStalled) {
        static final Watch NEW = new Watch(0, 0, 0, ENOUGH, false);

        Watch seeing(int now) {
            boolean isStuck = queued > 0 && now >= queued;
            int looks = isStuck ? stuck + 1 : 0;
            boolean stalls = isStuck && (isStalled || looks >= patience);
            boolean isOver = isStalled && !stalls;
            int quiet = stalls || isOver ? 0 : calm + 1;
            return new Watch(now, looks, quiet, isOver ? patienceAfter() : quiet > CALM ? ENOUGH : patience, stalls);
        }

        /** A long stall is none of those that come and go. */
        private int patienceAfter() {
            return stuck > LONG ? ENOUGH : Math.min(2 * patience, MOST);
        }
    }

    /** @param isBounded there is a --stall-timeout: a single worker is watched too */
    StallSampler(Posix posix, Listeners listeners, boolean isBounded, Consumer<Event> events, Consumer<String> trouble) throws OsException {
        this.posix = posix;
        this.listeners = listeners;
        this.isBounded = isBounded;
        this.events = events;
        this.trouble = trouble;
        this.alarm = posix.newPoll();
        Thread.ofPlatform().name("stall").daemon().start(this::run);
    }

    /** Who serves now; those whose trouble is another are not looked at. */
    synchronized void watch(State state) {
        Set<WorkerId> serving = new HashSet<>();
        state.generations().forEach(generation -> generation.in(Phase.SERVING)
                .filter(it -> it.trouble() != Trouble.OFFLINE)
                .forEach(it -> serving.add(it.id())));
        if (serving.equals(watched)) return;
        watched = Set.copyOf(serving);
        watches.keySet().retainAll(watched);
        if (alarm != null) alarm.wake();
        notifyAll();
    }

    private void run() {
        try {
            while (true) {
                awaitWork();
                if (emptyLooks < EMPTY_LOOKS || !dozes()) Thread.sleep(PAUSE_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitWork() throws InterruptedException {
        while (isIdle()) {
            watches.clear();
            wait();
        }
    }

    /** The end of a stall is to be seen in any case. */
    private synchronized boolean isIdle() {
        return watched.isEmpty() || watched.size() == 1 && !isBounded && watches.values().stream().noneMatch(Watch::isStalled);
    }

    /** Until a connection waits, or others serve. False where it cannot be had. */
    private boolean dozes() {
        try {
            Poll poll = newAlarm();
            listeners.watchQueues(watched(), poll);
            if (!poll.await(DOZE).isEmpty()) emptyLooks = 0;
            return true;
        } catch (OsException e) {
            return false; // no descriptor is left: it looks as often as ever
        }
    }

    /** In place of the last, which may know sockets that are nobody's any more. Whoever comes from now on wakes it. */
    private synchronized Poll newAlarm() throws OsException {
        if (alarm != null) alarm.close();
        alarm = null;
        return alarm = posix.newPoll();
    }

    private synchronized Set<WorkerId> watched() {
        return watched;
    }

    private void look() {
        try {
            judge(listeners.listening());
            isTroubleSaid = false;
        } catch (OsException | RuntimeException e) {
            if (!isTroubleSaid) trouble.accept("looking at accept queues: " + e.getMessage());
            isTroubleSaid = true;
        }
    }

    private synchronized void judge(Map<WorkerId, List<Listening>> listening) {
        boolean isEmpty = true;
        for (WorkerId worker : watched) {
            // an heir has its queue now: nothing can be said of the worker any more
            if (!listening.containsKey(worker)) continue;
            int queued = listening.get(worker).stream().mapToInt(it -> it.queue().length()).sum();
            Watch before = watches.getOrDefault(worker, Watch.NEW);
            Watch now = before.seeing(queued);
            watches.put(worker, now);
            isEmpty &= queued == 0 && !now.isStalled();
            if (now.isStalled() && !before.isStalled()) events.accept(new Event.WorkerStalled(worker, queued));
            if (before.isStalled() && !now.isStalled()) events.accept(new Event.WorkerRecovered(worker));
        }
        emptyLooks = isEmpty ? emptyLooks + 1 : 0;
    }
}
