package nary.supervisor;

import static nary.supervisor.SimWorker.Character.*;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import nary.config.Batch;
import nary.config.Personality;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Strategy;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import nary.supervisor.SimWorker.Character;
import nary.worker.DrainSample;
import nary.worker.Saying;

/**
 * One schedule: the core against a world of simulated workers, clients and faults, all from one seed. Faults for a while, then calm,
 * then everything must be well, then a stop.
 */
final class Simulation {
    private static final Address MAIN = new Address("0.0.0.0", 8080, false);
    private static final Address ADMIN = new Address("127.0.0.1", 9000, false);
    private static final Address OTHER = new Address("0.0.0.0", 8081, false);
    private static final Duration CONVERGENCE = Duration.ofSeconds(180);

    private final Core core;
    private final Random random;
    private final Agenda agenda;
    private final RandomWishes wishes;
    private final TreeMap<WorkerId, SimWorker> workers = new TreeMap<>();
    private final Map<Timer, Long> timers = new HashMap<>();
    private final Invariants invariants = new Invariants(workers);
    private final ArrayDeque<String> trace = new ArrayDeque<>();
    private final Map<Integer, Character> versions = new HashMap<>();
    private State state = State.initial();
    private final Ledger ledger = new Ledger();
    private Settings settings = Settings.defaults();
    private boolean hasAdmin;
    private boolean isCalm;
    private boolean isHalted;
    private boolean isSteeringInDoubt;
    private int faultiness;
    private long nextRequest = 1;
    private long nextTimer = 1;
    private int events;
    private int judgements;
    /** Asked for by the core itself. */
    private final Map<RequestId, Restart> restarts = new HashMap<>();
    private long hash;
    final Map<String, Integer> outcomes = new TreeMap<>();

    Simulation(long seed, Core core) {
        this.core = core;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.agenda = new Agenda(random);
        this.wishes = new RandomWishes(random);
    }

    /** @throws Invariants.Violation with the end of the trace */
    void run() {
        try {
            begin();
            while (!isHalted) {
                var action = agenda.next();
                Invariants.require(action.isPresent(), "nothing happens any more");
                action.get().run();
                Invariants.require(events < 200_000, "no end after 200000 events");
            }
        } catch (Invariants.Violation violation) {
            throw new Invariants.Violation(violation.getMessage() + "\n  " + String.join("\n  ", trace));
        }
    }

    int events() {
        return events;
    }

    /** Of the whole trace: equal for equal seeds. */
    long fingerprint() {
        return hash;
    }

    private void begin() {
        settings = wishes.settings();
        hasAdmin = random.nextInt(4) == 0;
        faultiness = random.nextInt(4);
        versions.put(1, random.nextInt(15) == 0 ? randomCharacter() : GOOD);
        feed(new Event.StartRequested(request(), release(1), settings));
        agenda.inMillis(random.nextInt(500), this::act);
        agenda.inMillis(5_000 + random.nextInt(60_000), this::calm);
    }

    private static Release release(int version) {
        return new Release(List.of("./server", "v" + version), "/app", "/app", Map.of());
    }

    private static Release release(int version, Settings its) {
        Release plain = release(version);
        return new Release(plain.command(), plain.directory(), plain.physical(), plain.variables(), Optional.of(its), Optional.empty());
    }

    /** What a deploy from a file may change. */
    private Settings otherSettings() {
        return new Settings(
                settings.workerCount(),
                settings.readiness(),
                settings.bootTimeout().map(it -> it.plusMillis(500)),
                settings.settle().dividedBy(2),
                settings.drainTimeout().dividedBy(2),
                settings.idleGrace(),
                settings.stopTimeout().map(it -> it.dividedBy(2)),
                settings.stopSignal(),
                settings.backlog(),
                settings.ports(),
                settings.listen(),
                settings.takeover(),
                settings.nodePreload(),
                settings.policy());
    }

    private RequestId request() {
        return new RequestId(nextRequest++);
    }

    // what clients and fate do

    private void act() {
        if (isCalm || isHalted) return;
        switch (random.nextInt(32)) {
            case 0, 1, 2, 3, 4, 5 -> deploy();
            case 6, 7 -> feed(new Event.AbortRequested(request()));
            case 8, 9, 10, 11 -> killSomebody();
            case 12 -> doubleDeploy();
            case 13 -> fireStaleTimer();
            case 14 -> stray();
            case 15 -> killInBursts();
            case 16 -> feed(new Event.EffectFailed(new Effect.StopDrain(new WorkerId(1, 0, 1)), "no such worker"));
            case 19, 20 -> scale();
            case 21, 22 -> stallSomebody();
            case 24, 25 -> oneServing().ifPresent(it -> feed(new Event.WorkerSaid(it.id, wishes.saying())));
            case 23 -> oneServing().ifPresent(this::goOffline);
            case 26, 27 -> oneServing().ifPresent(it -> feed(new Event.MemorySampled(it.id, wishes.memory())));
            case 28 -> feed(new Event.RestartDue(wishes.restart()));
            case 29 -> oneBooting().ifPresent(it -> feed(new Event.WorkerSaid(it.id, new Saying.Stopping())));
            case 17 -> feed(new Event.StartRequested(request(), release(0), settings));
            case 18 -> {
                if (random.nextInt(12) == 0) stop();
            }
            default -> {}
        }
        if (!isHalted) agenda.inMillis(random.nextInt(random.nextInt(4) == 0 ? 4_000 : 400), this::act);
    }

    private void deploy() {
        int count = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0;
        Optional<Duration> timeout = random.nextInt(4) == 0 ? Optional.of(Duration.ofMillis(random.nextInt(4_000))) : Optional.empty();
        Optional<Strategy> strategy = random.nextBoolean() ? Optional.of(wishes.strategy()) : Optional.empty();
        Optional<Batch> batch = random.nextInt(4) == 0 ? Optional.of(new Batch(1 + random.nextInt(3), false)) : Optional.empty();
        feed(new Event.DeployRequested(request(), nextRequest % 3 == 0 ? release(2, otherSettings()) : release(2), count, strategy, batch, timeout, wishes.reason(), "pid " + random.nextInt(1000)));
    }

    private void scale() {
        Optional<Duration> timeout = random.nextInt(4) == 0 ? Optional.of(Duration.ofMillis(random.nextInt(4_000))) : Optional.empty();
        feed(new Event.ScaleRequested(request(), 1 + random.nextInt(5), timeout, "pid " + random.nextInt(1000)));
    }

    private Optional<SimWorker> oneServing() {
        var serving = workers.values().stream().filter(it -> it.isRunning() && invariants.steering().contains(it.id)).toList();
        return serving.isEmpty() ? Optional.empty() : Optional.of(serving.get(random.nextInt(serving.size())));
    }

    private Optional<SimWorker> oneBooting() {
        var booting = workers.values().stream().filter(it -> it.isRunning() && !it.everSteered).toList();
        return booting.isEmpty() || !invariants.isOnline() ? Optional.empty() : Optional.of(booting.get(random.nextInt(booting.size())));
    }

    /** It ends by itself, at last. */
    private void goOffline(SimWorker worker) {
        feed(new Event.WorkerSaid(worker.id, new Saying.Stopping()));
        if (settings.policy().personality() == Personality.NAUGHT) agenda.inMillis(random.nextInt(5_000), () -> exit(worker, new Exit.Exited(0)));
    }

    private void stallSomebody() {
        SimWorker worker = oneServing().orElse(null);
        if (worker == null || worker.stalled) return;
        worker.stalled = true;
        feed(new Event.WorkerStalled(worker.id, 1 + random.nextInt(100)));
        agenda.inMillis(random.nextInt(5_000), () -> {
            worker.stalled = false;
            if (worker.isRunning()) feed(new Event.WorkerRecovered(worker.id));
        });
    }

    private void doubleDeploy() {
        deploy();
        deploy();
    }

    private void stop() {
        Optional<Duration> timeout = random.nextBoolean() ? Optional.of(Duration.ofMillis(random.nextInt(3_000))) : Optional.empty();
        feed(new Event.StopRequested(request(), timeout, "pid 1"));
        if (!isHalted && random.nextBoolean()) feed(new Event.StopRequested(request(), timeout.map(it -> it.dividedBy(2)), "pid 2"));
        if (!isHalted && random.nextBoolean()) feed(new Event.AbortRequested(request()));
    }

    private void killSomebody() {
        var running = workers.values().stream().filter(SimWorker::isRunning).toList();
        if (!running.isEmpty()) exit(running.get(random.nextInt(running.size())), new Exit.Killed(9));
    }

    private void killInBursts() {
        workers.values().stream().filter(SimWorker::isRunning).filter(it -> random.nextBoolean()).toList().forEach(it -> exit(it, new Exit.Killed(9)));
    }

    private void fireStaleTimer() {
        var kinds = Timer.Kind.values();
        var kind = kinds[random.nextInt(kinds.length)];
        var ids = new ArrayList<>(workers.keySet());
        boolean isWorkers = switch (kind) {
            case BOOT, READY, DRAIN, STOP, RESPAWN, STALL, WATCHDOG, EVIDENCE, AGE -> true;
            case SETTLE, RENEW -> random.nextBoolean();
            case DEPLOY, HALT -> false;
        };
        if (isWorkers && ids.isEmpty()) return;
        feed(new Event.TimerFired(isWorkers ? Timer.of(kind, ids.get(random.nextInt(ids.size()))) : Timer.of(kind)));
    }

    private void stray() {
        WorkerId stranger = new WorkerId(1 + random.nextInt(9), 7, 1);
        feed(switch (random.nextInt(10)) {
            case 7 -> new Event.MemorySampled(stranger, Long.MAX_VALUE);
            case 8 -> new Event.RestartAnswered(random.nextBoolean());
            case 0 -> new Event.WorkerListening(stranger, MAIN);
            case 1 -> new Event.DrainSampled(stranger, new DrainSample(0, 0, 0, 0));
            case 2 -> new Event.TreeEnded(stranger);
            case 3 -> new Event.WorkerSaid(stranger, new Saying.Ready());
            case 4 -> new Event.WorkerSaid(stranger, new Saying.Stopping());
            case 5 -> new Event.WorkerStalled(stranger, 1);
            case 6 -> new Event.WorkerRecovered(stranger);
            default -> new Event.ProbePassed(stranger);
        });
    }

    private void calm() {
        isCalm = true;
        agenda.in(CONVERGENCE, this::judge);
    }

    /** What the age of workers brings about goes on for ever: it is waited for, but not for long. */
    private void judge() {
        boolean isRenewing = state.app().filter(it -> !it.renewals().expired().isEmpty() || it.renewals().hasRestart()).isPresent();
        if (isRenewing && judgements++ < 600) {
            agenda.inMillis(100, this::judge);
            return;
        }
        invariants.requireConverged(state);
        stop();
    }

    // the shell

    private void feed(Event event) {
        if (isHalted) return;
        events++;
        invariants.before(event, state);
        Step step;
        try {
            step = core.step(state, event, agenda.now());
        } catch (RuntimeException bug) {
            remember(event, List.of());
            var violation = new Invariants.Violation("the core threw " + bug);
            violation.initCause(bug);
            throw violation;
        }
        State before = state;
        state = step.state();
        books(before, event);
        remember(event, step.effects());
        for (Effect effect : step.effects()) {
            Invariants.require(!isHalted, "something after the halt: " + effect);
            invariants.on(event, effect, state, agenda.now());
            perform(effect);
        }
        if (isHalted) return;
        Rest.require(core, state, agenda.now());
        invariants.after(state, List.copyOf(timers.keySet()), isSteeringInDoubt);
    }

    /** naught's books balance with the world, whoever the app runs as. */
    private void books(State before, Event event) {
        List<Notice> told = ledger.after(before, event, state);
        for (Notice notice : told) {
            Tally tally = notice.tally().orElseThrow();
            boolean isSane = tally.booting() >= 0 && tally.online() >= 0 && tally.dying() >= 0 && tally.newOnline() >= 0;
            Invariants.require(isSane && notice.text().equals(tally.text()), "naught's counts are wrong: " + notice);
        }
        Tally tally = ledger.status().tally().orElseThrow();
        State.Counts counts = state.counts();
        int alive = counts.booting() + counts.online() + counts.dying() + counts.newOnline();
        int known = tally.booting() + tally.online() + tally.dying() + tally.newOnline();
        Invariants.require(known <= alive, "naught's books have " + tally + ", alive are " + counts);
        boolean isCalmNow = state.word().equals("online") && state.app().flatMap(App::resize).isEmpty();
        if (isCalmNow) Invariants.require(tally.newOnline() == 0 && tally.waitingFor().isEmpty() && tally.online() + tally.dying() >= counts.online(), "nothing is going on, but naught's books have " + tally + " for " + counts);
    }

    private void remember(Event event, List<Effect> effects) {
        hash = hash * 31 + agenda.now().hashCode() + effects.size() * 7L + event.getClass().getSimpleName().hashCode();
        if (event instanceof Event.DrainSampled && effects.isEmpty()) return;
        trace.add(Trace.line(agenda.now(), event, effects));
        if (trace.size() > 80) trace.remove();
    }

    private boolean chance(int percent) {
        return !isCalm && random.nextInt(100) < percent * faultiness;
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Spawn(var id, var release, var heirTo) -> spawn(id, heirTo);
            case Effect.OpenQueue(var id, var addresses) -> workers.put(id, SimWorker.placeholder(id));
            case Effect.Examine e -> {}
            case Effect.TakeEvidence e -> {}
            case Effect.Steer steer -> steer(steer);
            case Effect.StartDrain(var id) -> startDrain(workers.get(id));
            case Effect.StopDrain(var id) -> workers.get(id).draining = false;
            case Effect.Probe(var id, var path) -> probe(workers.get(id));
            case Effect.Signal(var id, int signal, boolean wholeTree) -> signal(workers.get(id), signal, wholeTree);
            case Effect.EndTree(var id) -> endTree(workers.get(id));
            case Effect.CloseDoor e -> {}
            case Effect.FreeListeners e -> {}
            case Effect.ArmTimer(var timer, var after) -> arm(timer, after);
            case Effect.CancelTimer(var timer) -> cancel(timer);
            case Effect.RequestRestart(var restart) -> agenda.inMillis(random.nextInt(20), () -> restart(restart));
            case Effect.Emit e -> {}
            case Effect.Reply(var request, var outcome) -> reply(request, outcome);
            case Effect.Halt e -> isHalted = true;
        }
    }

    /** As a client of its own would; others may come first. */
    private void restart(Restart restart) {
        if (isHalted) return;
        RequestId request = request();
        restarts.put(request, restart);
        Optional<Strategy> strategy = restart.isNewVersion() ? Optional.empty() : Optional.of(settings.policy().strategy() == Strategy.REPLACE ? Strategy.REPLACE : Strategy.ROLLING);
        feed(new Event.DeployRequested(request, release(3), 0, strategy, Optional.empty(), Optional.empty(), restart.reason(), restart.by()));
    }

    private void reply(RequestId request, Outcome outcome) {
        outcomes.merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
        if (restarts.remove(request) != null) agenda.inMillis(0, () -> feed(new Event.RestartAnswered(outcome instanceof Outcome.Refused)));
    }

    private void arm(Timer timer, Duration after) {
        long number = nextTimer++;
        timers.put(timer, number);
        boolean isEarly = random.nextInt(50) == 0 && after.toMillis() > 2;
        agenda.in(isEarly ? after.minusMillis(1) : after, () -> {
            if (timers.remove(timer, number)) feed(new Event.TimerFired(timer));
        });
    }

    private void cancel(Timer timer) {
        timers.remove(timer);
        // it may have been in the inbox already
        if (random.nextInt(10) == 0) agenda.inMillis(random.nextInt(3), () -> feed(new Event.TimerFired(timer)));
    }

    private void steer(Effect.Steer steer) {
        if (chance(1)) {
            isSteeringInDoubt = true;
            agenda.inMillis(0, () -> feed(new Event.EffectFailed(steer, "setsockopt: ENOMEM")));
            return;
        }
        isSteeringInDoubt = false;
        invariants.steered(steer.serving());
    }

    private void spawn(WorkerId id, Set<WorkerId> heirTo) {
        Character character = characterOf(id);
        SimWorker worker = new SimWorker(id, character);
        worker.heirTo = heirTo;
        workers.put(id, worker);
        agenda.inMillis(1 + random.nextInt(chance(5) ? 2_000 : 5), () -> {
            if (character == SPAWN_FAILS) {
                worker.spawnFailureReported = true;
                feed(new Event.SpawnFailed(id, "posix_spawn: ENOENT"));
                return;
            }
            worker.spawned = true;
            feed(new Event.WorkerSpawned(id, new Pid(1000 + workers.size())));
            boot(worker);
        });
    }

    private Character characterOf(WorkerId id) {
        if (isCalm) return GOOD;
        Character character = randomCharacterOf(id);
        // what a generation serves is asked of all that follow: it must not become the wrong address where nothing forbids it
        boolean isFree = id.generation() == 1 || settings.readiness() instanceof Readiness.Delay;
        return isFree && character == OTHER_PORT ? HANGS_AT_BOOT : character;
    }

    private Character randomCharacterOf(WorkerId id) {
        Character version = versions.computeIfAbsent(id.generation(), g -> random.nextInt(3) == 0 ? randomCharacter() : GOOD);
        if (version != GOOD && random.nextInt(3) > 0) return version;
        return chance(3) ? randomCharacter() : GOOD;
    }

    private Character randomCharacter() {
        return Character.values()[random.nextInt(Character.values().length)];
    }

    private void boot(SimWorker worker) {
        int took = random.nextInt(500);
        switch (worker.character) {
            case GOOD, IGNORES_TERM -> agenda.inMillis(took, () -> show(worker));
            case DIES_SOON_AFTER_BOOT -> {
                agenda.inMillis(took, () -> show(worker));
                agenda.inMillis(took + random.nextInt(1_500), () -> exit(worker, new Exit.Exited(random.nextInt(2))));
            }
            case CRASHES_AT_BOOT, SPAWN_FAILS -> agenda.inMillis(took, () -> exit(worker, new Exit.Exited(1)));
            case HANGS_AT_BOOT -> {}
            case OTHER_PORT -> agenda.inMillis(took, () -> listen(worker, OTHER));
            case BIND_REFUSED -> agenda.inMillis(took, () -> {
                if (worker.isRunning()) feed(new Event.BindRefused(worker.id, "0.0.0.0:8080 belongs to pid 99"));
            });
        }
    }

    private void show(SimWorker worker) {
        if (hasAdmin) listen(worker, ADMIN);
        agenda.inMillis(hasAdmin ? random.nextInt(700) : 0, () -> {
            listen(worker, MAIN);
            agenda.inMillis(random.nextInt(50), () -> {
                if (worker.isRunning()) feed(new Event.WorkerSaid(worker.id, new Saying.Ready()));
                settings.policy().watchdog().ifPresent(limit -> feedWatchdog(worker, limit.dividedBy(3)));
            });
        });
    }

    private void feedWatchdog(SimWorker worker, Duration every) {
        if (!worker.isRunning()) return;
        if (!worker.stalled) feed(new Event.WorkerSaid(worker.id, new Saying.Alive()));
        if (!isHalted) agenda.in(every, () -> feedWatchdog(worker, every));
    }

    private void listen(SimWorker worker, Address address) {
        if (!worker.isRunning()) return;
        worker.listening.add(address);
        feed(new Event.WorkerListening(worker.id, address));
    }

    private void probe(SimWorker worker) {
        agenda.inMillis(random.nextInt(100), () -> {
            if (worker.isRunning()) feed(new Event.ProbePassed(worker.id));
        });
    }

    private void startDrain(SimWorker worker) {
        worker.draining = true;
        worker.connections = random.nextInt(4) == 0 ? 1_000 : random.nextInt(20);
        agenda.inMillis(10, () -> sample(worker));
    }

    private void sample(SimWorker worker) {
        if (!worker.draining || !worker.isRunning()) return;
        // a stuck client is one that the drain timeout is for
        if (worker.connections < 1_000) worker.connections = Math.max(0, worker.connections - random.nextInt(4));
        feed(new Event.DrainSampled(worker.id, new DrainSample(0, worker.connections / 3, worker.connections - worker.connections / 3, 1)));
        agenda.inMillis(10 + random.nextInt(40), () -> sample(worker));
    }

    private void signal(SimWorker worker, int signal, boolean wholeTree) {
        if (!worker.isRunning()) return;
        if (signal == 9) agenda.inMillis(random.nextInt(5), () -> exit(worker, new Exit.Killed(9)));
        else if (worker.character != IGNORES_TERM && !worker.dying) {
            worker.dying = true;
            agenda.inMillis(random.nextInt(random.nextInt(5) == 0 ? 3_000 : 100), () -> exit(worker, new Exit.Exited(0)));
        }
    }

    private void exit(SimWorker worker, Exit exit) {
        if (!worker.isRunning()) return;
        worker.leaderGone = true;
        // other news may come first
        agenda.inMillis(random.nextInt(3), () -> {
            worker.exitReported = true;
            worker.draining = false;
            feed(new Event.WorkerExited(worker.id, exit));
        });
    }

    private void endTree(SimWorker worker) {
        Invariants.require(!worker.endTreeAsked, "the tree of " + worker.id + " is ended twice");
        worker.endTreeAsked = true;
        agenda.inMillis(random.nextInt(random.nextInt(5) == 0 ? 2_000 : 10), () -> {
            worker.treeEndReported = true;
            feed(new Event.TreeEnded(worker.id));
        });
    }
}
