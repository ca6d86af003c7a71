package nary.supervisor;

import java.util.TreeSet;
import nary.id.WorkerId;
import nary.posix.Address;

/** A worker as the simulated world has it. What was reported to the core lags behind what is so. */
final class SimWorker {
    final WorkerId id;
    final Character character;
    final TreeSet<Address> listening = new TreeSet<>();
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
    int connections;

    SimWorker(WorkerId id, Character character) {
        this.id = id;
        this.character = character;
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
