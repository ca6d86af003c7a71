package nary.supervisor;

import static nary.supervisor.Timer.Kind.AGE;
import static nary.supervisor.Timer.Kind.RENEW;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Durations;
import nary.config.Expiry;
import nary.config.Sizes;
import nary.config.Strategy;
import nary.id.WorkerId;
import nary.rollout.Reason;
import nary.worker.Phase;
import nary.worker.Slot;
import nary.worker.Worker;
import nary.worker.Worker.Trouble;

/**
 * Replaces what nobody asked to have replaced: one worker that has grown too big or too old, when another process of its slot serves; or all
 * of them, by a restart. One at a time, and never while a rollout is under way.
 */
final class Renewal {
    /** A worker that is too big before it has been ready for so long shows that the limit is too low, or the leak too fast. */
    private static final Duration SOON = Duration.ofMinutes(10);

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private Renewal() {}

    private static Expiry expiry(Turn turn) {
        return turn.app().settings().policy().expiry();
    }

    // what calls for it

    /** It is ready. */
    static void watch(Turn turn, Worker worker) {
        expiry(turn).maxAge().ifPresent(age -> turn.arm(Timer.of(AGE, worker.id()), age));
    }

    static void sampled(Turn turn, Worker worker, long bytes) {
        Optional<Long> limit = expiry(turn).maxMemory().filter(_ -> turn.app().isOnline() && worker.is(Phase.SERVING));
        if (limit.isEmpty()) return;
        if (bytes <= limit.get()) turn.cancel(Timer.of(RENEW, worker.id()));
        else if (!isKnown(turn, worker)) tooBig(turn, worker, bytes, limit.get());
    }

    private static boolean isKnown(Turn turn, Worker worker) {
        Renewals renewals = turn.app().renewals();
        return renewals.isExpired(worker.id()) || turn.isArmed(Timer.of(RENEW, worker.id())) || isAlone(turn.app()) && renewals.hasRestart();
    }

    /** Where two versions cannot run side by side, nor can a worker and its successor. */
    private static boolean isAlone(App app) {
        return app.settings().policy().strategy().order() == Strategy.Order.OLD_FIRST;
    }

    private static void tooBig(Turn turn, Worker worker, long bytes, long limit) {
        int slot = worker.id().slot();
        boolean isSoon = worker.readyAt().filter(ready -> ready.plus(SOON).isAfter(turn.now)).isPresent();
        int times = isSoon ? turn.app().renewals().quick(slot) : 0;
        turn.app(turn.app().with(turn.app().renewals().withQuick(slot, isSoon ? times + 1 : 0)));
        String text = worker + " uses " + Sizes.text(bytes) + ", more than " + Sizes.text(limit);
        if (times == 0) expire(turn, worker, Reason.MEMORY, text);
        else postpone(turn, worker, pause(times), text);
    }

    private static Duration pause(int times) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(times - 1, 10));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private static void postpone(Turn turn, Worker worker, Duration pause, String text) {
        Duration after = Duration.between(worker.readyAt().orElse(worker.born()), turn.now);
        turn.arm(Timer.of(RENEW, worker.id()), pause);
        turn.say("RenewalBackoff", worker.id(), Reason.MEMORY, text + ", only " + Durations.text(after) + " after it was ready, as its predecessor did; it is replaced in "
                + Durations.text(pause) + " (is --max-memory too low?)");
    }

    /** It is too big still. */
    static void pauseIsOver(Turn turn, Worker worker) {
        if (worker.is(Phase.SERVING)) expire(turn, worker, Reason.MEMORY, worker + " still uses too much memory");
    }

    static void tooOld(Turn turn, Worker worker) {
        if (!worker.isAlive() || worker.is(Phase.STOPPING) || turn.app().renewals().isExpired(worker.id())) return;
        boolean isAtWork = worker.is(Phase.SERVING) && turn.app().isOnline();
        if (isAtWork) expire(turn, worker, Reason.AGE, worker + " has been ready for " + expiry(turn).maxAge().map(Durations::text).orElse("long"));
        // on its way out, perhaps; if it is called back it is looked at again
        else watch(turn, worker);
    }

    private static void expire(Turn turn, Worker worker, Reason reason, String text) {
        boolean isAlone = isAlone(turn.app());
        turn.say("Expired", worker.id(), reason, text + (isAlone ? "; the app is restarted" : "; another process takes its place"));
        if (isAlone) wish(turn, new Restart(reason, "--max-" + reason.text() + ", " + worker, false));
        else turn.app(turn.app().with(turn.app().renewals().withExpired(worker.id(), reason)));
    }

    static void due(Turn turn, Restart restart) {
        if (turn.app().isEnding()) return;
        boolean isFree = isFree(turn.app());
        turn.say("RestartDue", restart.reason(), restart.by() + (isFree ? "" : "; waits for what is under way"));
        wish(turn, restart);
    }

    private static void wish(Turn turn, Restart restart) {
        turn.app(turn.app().with(turn.app().renewals().wishing(restart)));
    }

    /** Its rollout is over, or there was none. */
    static void answered(Turn turn, boolean isRefused) {
        if (turn.app().renewals().asked().isEmpty()) return;
        if (isRefused) {
            turn.arm(Timer.of(RENEW), ASK_AGAIN);
            return;
        }
        turn.cancel(Timer.of(RENEW));
        turn.app(turn.app().with(turn.app().renewals().answered()));
    }

    static void askAgain(Turn turn) {
        turn.app(turn.app().with(turn.app().renewals().refused()));
    }

    // what is done about it

    /** Begins the next one, if nothing else is under way. */
    static void advance(Turn turn) {
        turn.app(turn.app().with(turn.app().renewals().retaining(id -> turn.app().worker(id).isPresent())));
        if (!isFree(turn.app())) return;
        Renewals renewals = turn.app().renewals();
        if (renewals.asked().isPresent()) return;
        if (renewals.wished().isPresent()) {
            turn.app(turn.app().with(renewals.asking()));
            turn.add(new Effect.RequestRestart(renewals.wished().get()));
            return;
        }
        List<WorkerId> next = renewals.expired().keySet().stream().filter(id -> canBegin(turn.app(), id)).limit(1).toList();
        next.forEach(id -> turn.put(turn.worker(id).with(renewals.expired().get(id) == Reason.AGE ? Trouble.TOO_OLD : Trouble.TOO_BIG)));
    }

    private static boolean isFree(App app) {
        boolean isUnderWay = app.renewals().expired().keySet().stream().anyMatch(id -> hasBegun(app, id));
        return app.isOnline() && app.rollout().isEmpty() && app.resize().isEmpty() && !isUnderWay;
    }

    /** Its successor was asked for, and something of it is left. */
    private static boolean hasBegun(App app, WorkerId id) {
        return app.worker(id).filter(it -> it.hasExpired() || it.isAlive() && !isCurrent(app, it)).isPresent();
    }

    private static boolean canBegin(App app, WorkerId id) {
        return app.worker(id).filter(it -> it.is(Phase.SERVING) && it.trouble() == Trouble.NONE && isCurrent(app, it)).isPresent();
    }

    private static boolean isCurrent(App app, Worker worker) {
        Slot slot = app.slot(worker.id());
        return slot.isKept() && app.generation(worker.id().generation()).idOf(slot).equals(worker.id());
    }

    /** Nobody failed: the slot's next process is none that makes good a loss. */
    static boolean isRenewing(Generation generation, Slot slot) {
        return generation.current(slot).filter(it -> it.is(Phase.SERVING) && it.hasExpired()).isPresent();
    }

    /** A worker that did not come up, while the one it was to replace serves. */
    static boolean isCovered(App app, WorkerId fallen) {
        return app.renewals().expired().entrySet().stream().map(Map.Entry::getKey)
                .anyMatch(id -> id.generation() == fallen.generation() && id.slot() == fallen.slot() && app.worker(id).filter(it -> it.is(Phase.SERVING)).isPresent());
    }
}
