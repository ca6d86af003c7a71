package nary.supervisor;

import static nary.supervisor.Timer.Kind.WATCHDOG;

import nary.config.Durations;
import nary.worker.Phase;
import nary.worker.Worker;
import nary.worker.Worker.Trouble;

/** Workers that promise to say that they live: one that falls silent hangs, and another takes its place. sd_watchdog_enabled(3). */
final class Watchdog {
    private Watchdog() {}

    /** From now on it must be heard of. */
    static void watch(Turn turn, Worker worker) {
        turn.app().settings().policy().watchdog().ifPresent(limit -> turn.arm(Timer.of(WATCHDOG, worker.id()), limit));
    }

    static void fed(Turn turn, Worker worker) {
        if (turn.isArmed(Timer.of(WATCHDOG, worker.id()))) watch(turn, worker);
    }

    static void timedOut(Turn turn, Worker worker) {
        turn.app().settings().policy().watchdog().ifPresent(limit -> bites(turn, worker, worker + " has not said WATCHDOG=1 for " + Durations.text(limit)));
    }

    static void bites(Turn turn, Worker worker, String text) {
        boolean isAtWork = worker.is(Phase.SERVING) || worker.is(Phase.READY);
        if (isAtWork && (!worker.isDoomed() || worker.hasExpired())) Sideline.hung(turn, worker, text);
    }
}
