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
        turn.app().settingsOf(worker).policy().watchdog().ifPresent(limit -> turn.arm(Timer.of(WATCHDOG, worker.id()), limit));
    }

    static void fed(Turn turn, Worker worker) {
        if (turn.isArmed(Timer.of(WATCHDOG, worker.id()))) watch(turn, worker);
        else if (worker.is(Phase.SERVING) && worker.trouble() == Trouble.SILENT) recovered(turn, worker);
    }

    /** It has not been ended yet, so it finishes what it has. */
    private static void recovered(Turn turn, Worker worker) {
        turn.put(worker.with(Trouble.NONE));
        turn.say("Recovered", worker.id(), worker + " says again that it lives");
        watch(turn, worker);
    }

    static void timedOut(Turn turn, Worker worker) {
        turn.app().settingsOf(worker).policy().watchdog().ifPresent(limit -> bites(turn, worker, Trouble.SILENT, worker + " has not said WATCHDOG=1 for " + Durations.text(limit)));
    }

    static void triggered(Turn turn, Worker worker) {
        bites(turn, worker, Trouble.HUNG, worker + " says that it hangs");
    }

    private static void bites(Turn turn, Worker worker, Trouble trouble, String text) {
        boolean isAtWork = worker.is(Phase.SERVING) || worker.is(Phase.READY);
        if (isAtWork && (!worker.isDoomed() || worker.hasExpired())) Sideline.hung(turn, worker, trouble, text);
    }
}
