package nary.supervisor;

import java.util.Set;
import java.util.TreeSet;
import nary.id.WorkerId;
import nary.posix.Address;

/** A worker as the simulated world has it. What was reported to the core lags behind what is so. */
final class SimWorker {
    final WorkerId id;
    final Character character;
    final TreeSet<Address> listening = new TreeSet<>();
    Set<WorkerId> heirTo = Set.of();
    /** No process: a queue that waits for one. */
    boolean placeholder;
    boolean spawned;
    boolean spawnFailureReported;
    boolean leaderGone;
    boolean exitReported;
    boolean treeEndReported;
    boolean endTreeAsked;
    boolean freed;
    boolean draining;
    /** Signalled while the app was to go on. */
    boolean told;
    /** Named in a steering, whether or not that took effect. */
    boolean everSteered;
    boolean dying;
    boolean stalled;
    int connections;

    SimWorker(WorkerId id, Character character) {
        this.id = id;
        this.character = character;
    }

    static SimWorker placeholder(WorkerId id) {
        SimWorker queue = new SimWorker(id, Character.GOOD);
        queue.placeholder = true;
        queue.spawned = true;
        queue.leaderGone = true;
        queue.exitReported = true;
        queue.endTreeAsked = true;
        queue.treeEndReported = true;
        return queue;
    }

    /** As far as the core can know. */
    boolean isAliveAsReported() {
        return !spawnFailureReported && !exitReported;
    }

    boolean isRunning() {
        return spawned && !leaderGone;
    }

    enum Character {
        GOOD,
        SPAWN_FAILS,
        CRASHES_AT_BOOT,
        HANGS_AT_BOOT,
        DIES_SOON_AFTER_BOOT,
        OTHER_PORT,
        BIND_REFUSED,
        IGNORES_TERM
    }
}
