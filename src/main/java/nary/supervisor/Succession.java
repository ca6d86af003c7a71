package nary.supervisor;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import nary.id.WorkerId;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;
import nary.worker.Worker.Trouble;

/** Who takes over whose queue: connections that a worker of the slot never accepted are answered by its successor. */
final class Succession {
    private Succession() {}

    /** Whose queues a new worker of this slot and generation takes over: one line of succession, as it gets one socket for each address. */
    static Set<WorkerId> heirTo(App app, int generation, int slot) {
        TreeMap<Integer, List<Worker>> lines =
                app.inSlot(slot).filter(it -> leavesTo(app, it, generation)).collect(groupingBy(it -> it.id().generation(), TreeMap::new, toList()));
        if (lines.isEmpty()) return Set.of();
        List<Worker> latest = lines.lastEntry().getValue();
        boolean isComingBack = app.rollout().filter(it -> it.awaitsReturn(slot)).isPresent();
        List<Worker> line = lines.values().stream()
                .filter(it -> it.stream().anyMatch(Worker::isPlaceholder))
                .findFirst()
                .orElse(isComingBack ? latest : lines.getOrDefault(generation, latest));
        return kin(app, slot, line);
    }

    /** With whom they were to take over from, and who was to take over from them: on each address one of them holds the queue. */
    private static Set<WorkerId> kin(App app, int slot, List<Worker> line) {
        Set<WorkerId> all = new TreeSet<>();
        line.forEach(it -> all.add(it.id()));
        List<Worker> kept = app.inSlot(slot).filter(it -> isKept(app, it)).toList();
        boolean grows = true;
        while (grows) {
            grows = false;
            for (Worker worker : kept) if (isKin(app, worker, all)) grows |= all.add(worker.id());
        }
        return all;
    }

    private static boolean isKin(App app, Worker worker, Set<WorkerId> others) {
        return worker.heirTo().stream().anyMatch(others::contains)
                || others.stream().anyMatch(it -> app.worker(it).filter(other -> other.heirTo().contains(worker.id())).isPresent());
    }

    /** The dead leave their queues to their own generation, or to the one that replaces it or, where that has given the slot up, fills it. */
    private static boolean leavesTo(App app, Worker worker, int generation) {
        boolean isOwn = worker.id().generation() == generation;
        // for the case that it ends, or leaves its queue, before the new one is there
        if (worker.isAlive()) return isOwn && (worker.is(Phase.SERVING) || worker.isLeft());
        boolean isReplacing = app.rollout().filter(it -> it.isForward() && it.to() == generation).isPresent();
        return isKept(app, worker) && (isOwn || isReplacing || !app.slot(worker.id()).isKept());
    }

    /** A dead worker whose queue may hold connections: none of its heirs was ready. */
    static boolean isKept(App app, Worker dead) {
        if (!dead.is(Phase.EXITED) || dead.trouble() == Trouble.RETIRED) return false;
        List<Worker> heirs = heirs(app, dead).toList();
        if (heirs.stream().anyMatch(Worker::wasReady)) return false;
        if (dead.wasReady()) return true;
        // it may have taken over a queue before it died; its own heir takes that over in turn
        boolean hasInherited = dead.heirTo().stream().anyMatch(it -> app.worker(it).filter(Worker::wasReady).isPresent());
        return hasInherited && !dead.signs().listening().isEmpty() && heirs.stream().allMatch(it -> it.signs().listening().isEmpty());
    }

    /** Its queue is kept, and somebody is on the way, or will be, to take it over. */
    static boolean isAwaited(App app, Worker dead) {
        if (!isKept(app, dead)) return false;
        return heirs(app, dead).anyMatch(heir -> heir.is(Phase.BOOTING))
                || app.generations().values().stream().anyMatch(it -> needsWorker(app, it, dead.id().slot()) && heirTo(app, it.number(), dead.id().slot()).contains(dead.id()));
    }

    private static boolean needsWorker(App app, Generation generation, int index) {
        if (index >= generation.slots().size()) return false;
        Slot slot = generation.slots().get(index);
        return switch (slot.duty()) {
            case KEPT -> generation.current(slot).filter(it -> it.isAlive() && it.wasReady() && !it.is(Phase.STOPPING) && !it.isDoomed()).isEmpty();
            case WAITING -> true;
            case FINISHED, GIVEN_UP -> app.rollout().filter(it -> it.awaitsReturn(index, generation.number())).isPresent();
        };
    }

    /** What is left of the generation, if anything is, are queues that another one takes over, and workers that nobody waits for. */
    static boolean isLeftToOthers(App app, Generation generation) {
        return generation.workers().values().stream().allMatch(it -> it.isLeft() || isAwaited(app, it));
    }

    /** It is on its way to take over the queue of a dead worker. */
    static boolean isInheriting(App app, Worker worker) {
        return worker.is(Phase.BOOTING) && worker.heirTo().stream().anyMatch(it -> app.worker(it).filter(dead -> isKept(app, dead)).isPresent());
    }

    private static Stream<Worker> heirs(App app, Worker worker) {
        return app.inSlot(worker.id().slot()).filter(it -> it.heirTo().contains(worker.id()));
    }
}
