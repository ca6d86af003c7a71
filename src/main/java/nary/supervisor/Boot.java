package nary.supervisor;

import static nary.supervisor.Timer.Kind.BOOT;
import static nary.supervisor.Timer.Kind.READY;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.function.UnaryOperator;
import nary.config.Durations;
import nary.config.Personality;
import nary.config.Readiness;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.rollout.Reason;
import nary.rollout.Rollout;
import nary.rollout.Verdict;
import nary.worker.Asked;
import nary.worker.Phase;
import nary.worker.Signs;
import nary.worker.Worker;

/** A worker's way from the wish to spawn it until it is ready, or known not to become so. */
final class Boot {
    /** How long a first worker that listens on loopback only may take to listen elsewhere. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private Boot() {}

    static void spawnAll(Turn turn, Generation generation) {
        for (var slot : generation.slots()) {
            WorkerId id = generation.idOf(slot);
            turn.say("SpawnNew", id, Reason.START, "worker " + id + " is started");
            spawn(turn, id);
        }
    }

    static void spawn(Turn turn, WorkerId id) {
        var settings = turn.app().settingsOf(id.generation());
        Set<WorkerId> heirTo = Succession.heirTo(turn.app(), id.generation(), id.slot());
        turn.put(Worker.born(id, heirTo, turn.now));
        turn.add(new Effect.Spawn(id, turn.generation(id.generation()).release(), heirTo));
        Duration delay = settings.readiness() instanceof Readiness.Delay(Duration d) ? d : Duration.ZERO;
        settings.bootTimeout().ifPresent(timeout -> turn.arm(Timer.of(BOOT, id), timeout.plus(delay)));
        if (settings.readiness() instanceof Readiness.Delay) turn.arm(Timer.of(READY, id), delay);
    }

    static void spawned(Turn turn, Worker worker, Pid pid) {
        turn.put(worker.spawned(pid));
        if (turn.app().isEnding()) turn.add(new Effect.CloseDoor(worker.id()));
        // it was told to stop before there was anybody to tell
        if (worker.is(Phase.STOPPING)) Retirement.deliver(turn, turn.worker(worker.id()));
    }

    static void listening(Turn turn, Worker worker, Address address) {
        show(turn, worker, signs -> signs.withListening(address));
    }

    /** It has shown one more sign of readiness. */
    static void show(Turn turn, Worker worker, UnaryOperator<Signs> sign) {
        turn.put(worker.showing(sign.apply(worker.signs())));
        weigh(turn, worker.id());
    }

    private static void weigh(Turn turn, WorkerId id) {
        Worker worker = turn.worker(id);
        if (!worker.is(Phase.BOOTING)) return;
        Asked asked = asked(turn.app(), worker);
        if (asked.isMetBy(worker.signs())) ready(turn, worker);
        else if (asked.wantsProbe(worker.signs())) probe(turn, worker);
        else if (asked.wantsPatience(worker.signs()) && !turn.isArmed(Timer.of(READY, id))) turn.arm(Timer.of(READY, id), PATIENCE);
    }

    private static void probe(Turn turn, Worker worker) {
        if (!(turn.app().settingsOf(worker).readiness() instanceof Readiness.Http(String path))) return;
        turn.put(worker.showing(worker.signs().withProbing()));
        turn.add(new Effect.Probe(worker.id(), path));
    }

    /** What its generation serves already; else what the one serves that it is to replace. naught takes a worker at its word. */
    static Asked asked(App app, Worker worker) {
        int own = worker.id().generation();
        int model = app.rollout().filter(it -> it.to() == own && app.generation(own).served().isEmpty()).map(Rollout::from).orElse(own);
        Readiness readiness = app.settingsOf(own).readiness();
        boolean isWordEnough = readiness instanceof Readiness.Online && app.settings().policy().personality() == Personality.NAUGHT;
        return new Asked(readiness, isWordEnough ? Collections.emptySortedSet() : app.generation(model).served(), app.settings().ports());
    }

    private static void ready(Turn turn, Worker worker) {
        turn.cancel(Timer.of(BOOT, worker.id()));
        turn.cancel(Timer.of(READY, worker.id()));
        Phase next = phaseWhenReady(turn.app(), worker.id());
        turn.put(worker.ready(next, turn.now));
        Watchdog.watch(turn, worker);
        Renewal.watch(turn, worker);
        String took = Durations.text(Duration.between(worker.born(), turn.now));
        turn.say(next == Phase.READY ? "NewOnline" : "WorkerOnline", worker.id(), worker + " is ready after " + took);
        Generation generation = turn.generation(worker.id().generation());
        boolean isComplete = next == Phase.SERVING && generation.allAre(Phase.SERVING);
        if (isComplete) turn.say("Ready", Texts.count((int) generation.kept().count(), "worker") + " online");
    }

    private static Phase phaseWhenReady(App app, WorkerId worker) {
        boolean waits = app.rollout()
                .filter(it -> it.isForward() && it.to() == worker.generation() && !it.hasMoved(worker.slot()))
                .isPresent();
        if (waits || app.life() instanceof Life.Booting) return Phase.READY;
        return app.isReplaced(worker) ? Phase.STANDBY : Phase.SERVING;
    }

    static void timedOut(Turn turn, Worker worker) {
        if (!worker.is(Phase.BOOTING)) return;
        String timeout = turn.app().settingsOf(worker).bootTimeout().map(Durations::text).orElse("a while");
        failed(turn, worker, worker + " was not ready after " + timeout + ": " + asked(turn.app(), worker).missing(worker.signs()));
    }

    /** By its own word it will not serve. Under naught's name that word counts for nothing before {@code online}. */
    static void offline(Turn turn, Worker worker) {
        if (turn.app().settings().policy().personality() == Personality.NAUGHT) return;
        failed(turn, worker, worker + " went offline before it was ready");
    }

    static void refused(Turn turn, Worker worker, String reason) {
        if (worker.is(Phase.BOOTING)) failed(turn, worker, worker + " could not bind: " + reason);
        else turn.say("BindRefused", worker.id(), worker + " could not bind: " + reason);
    }

    private static void failed(Turn turn, Worker worker, String reason) {
        boolean isOnTrial = turn.app().life() instanceof Life.Booting || turn.app().isOnTrial(worker.id().generation());
        turn.say(isOnTrial ? "BootFailed" : "WorkerFailed", worker.id(), Reason.FAILED, reason);
        if (decides(turn, worker.id(), reason)) return;
        Retirement.kill(turn, worker);
        Death.failed(turn, worker, reason, 1);
    }

    /** A worker fell. True if that decides about more than the worker, which is then being ended with others. */
    static boolean decides(Turn turn, WorkerId worker, String reason) {
        return failRelease(turn, worker, reason)
                || Comeback.fell(turn, worker, reason)
                || Resize.fell(turn, worker, reason)
                || Deploy.fellLate(turn, worker, reason);
    }

    /** A worker fell. True if that decides about its whole generation: it is being ended. */
    static boolean failRelease(Turn turn, WorkerId worker, String reason) {
        if (turn.app().life() instanceof Life.Booting) {
            Shutdown.bootFailed(turn, reason, worker);
            return true;
        }
        if (!turn.app().isOnTrial(worker.generation())) return false;
        Deploy.rollBack(turn, new Verdict.WorkerFailed(reason, worker));
        return true;
    }

    /** The first generation is up. */
    static void online(Turn turn, Life.Booting booting) {
        Generation first = turn.generation(turn.app().current());
        if (!first.allAre(Phase.READY)) return;
        first.in(Phase.READY).forEach(worker -> turn.put(worker.to(Phase.SERVING, turn.now)));
        turn.app(turn.app().with(new Life.Online(turn.now)));
        Steering.adjust(turn);
        String text = Texts.count(first.slots().size(), "worker") + " online";
        turn.say("Ready", text);
        turn.reply(booting.request(), new Outcome.Done(text));
    }
}
