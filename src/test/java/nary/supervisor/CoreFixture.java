package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Strategy;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import nary.rollout.Reason;
import nary.worker.DrainSample;

/** The core, fed by hand, and what tests ask of it. */
abstract class CoreFixture {
    static final Address MAIN = new Address("0.0.0.0", 8080, false);
    static final Address LOCAL = new Address("127.0.0.1", 9229, false);
    static final RequestId START = new RequestId(1);
    static final RequestId DEPLOY = new RequestId(2);
    static final RequestId OTHER = new RequestId(3);
    static final RequestId STOP = new RequestId(4);

    State state = State.initial();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    List<Effect> effects = List.of();

    void scale(int workers, Optional<Duration> timeout) {
        feed(new Event.ScaleRequested(DEPLOY, workers, timeout, "pid 7"));
    }

    List<Instant> nextTries() {
        return state.workers().stream().flatMap(it -> it.nextTry().stream()).toList();
    }

    static WorkerId id(int generation, int slot) {
        return new WorkerId(generation, slot, 1);
    }

    static Release release() {
        return new Release(List.of("./server"), "/app", "/app", Map.of());
    }

    void feed(Event event) {
        Step step = Supervisor.step(state, event, now);
        state = step.state();
        effects = step.effects();
    }

    void after(Duration time, Timer timer) {
        now = now.plus(time);
        feed(new Event.TimerFired(timer));
    }

    void start(int workers, Policy policy) {
        assertThat(Settings.defaults().readiness()).isEqualTo(new Readiness.Listen());
        feed(new Event.StartRequested(START, release(), settings(workers, policy)));
    }

    void start(int workers) {
        start(workers, Policy.DEFAULT);
    }

    private static Settings settings(int workers, Policy policy) {
        Settings it = Settings.defaults();
        return new Settings(
                workers, it.readiness(), it.bootTimeout(), it.settle(), it.drainTimeout(), it.idleGrace(), it.stopTimeout(), it.stopSignal(),
                it.backlog(), it.ports(), it.listen(), it.takeover(), it.nodePreload(), policy);
    }

    void online(int workers) {
        online(workers, Policy.DEFAULT);
    }

    void online(int workers, Policy policy) {
        start(workers, policy);
        for (int slot = 0; slot < workers; slot++) boot(id(1, slot));
    }

    void deploy() {
        deploy(Strategy.SURGE);
    }

    void deploy(Strategy strategy) {
        feed(new Event.DeployRequested(DEPLOY, release(), 0, Optional.of(strategy), Optional.empty(), Optional.empty(), Reason.DEPLOY, "pid 7"));
    }

    void boot(WorkerId worker) {
        feed(new Event.WorkerSpawned(worker, new Pid(100)));
        feed(new Event.WorkerListening(worker, MAIN));
    }

    void drain(WorkerId worker) {
        feed(new Event.DrainSampled(worker, new DrainSample(0, 1, 3, 1)));
        for (int i = 0; i < 3; i++) feed(new Event.DrainSampled(worker, new DrainSample(0, 0, 0, 1)));
        assertThat(effects).contains(new Effect.StopDrain(worker), new Effect.Signal(worker, 15, false));
    }

    void end(WorkerId worker) {
        feed(new Event.WorkerExited(worker, new Exit.Exited(0)));
        assertThat(effects).contains(new Effect.EndTree(worker));
        feed(new Event.TreeEnded(worker));
    }

    List<Effect> replies() {
        return effects.stream().filter(it -> it instanceof Effect.Reply).toList();
    }

    Outcome outcome() {
        return effects.stream().filter(it -> it instanceof Effect.Reply).map(it -> ((Effect.Reply) it).outcome()).findFirst().orElseThrow();
    }

    List<String> notices() {
        return effects.stream().filter(it -> it instanceof Effect.Emit).map(it -> ((Effect.Emit) it).notice().text()).toList();
    }
}
