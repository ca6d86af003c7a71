package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import nary.rollout.Reason;
import nary.worker.DrainSample;
import nary.worker.Saying;
import org.junit.jupiter.api.Test;

/** naught's events, one by one, as they follow from what happens to the core. A line is an event with booting, online, dying, new_online. */
class LedgerTest {
    private final Ledger ledger = new Ledger();
    private final List<String> lines = new ArrayList<>();
    private State state = State.initial();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private List<Effect> effects = List.of();
    private long requests;

    @Test
    void aStartTellsOfEachWorkerAndThatAllAreReady() {
        start(2);
        said("Bootup 0 0 0 0", "SpawnNew 1 0 0 0 new", "SpawnNew 2 0 0 0 new");
        online(1, 0, 1);
        online(1, 1, 1);
        said("NewOnline 1 0 0 1 new", "NewOnline 0 0 0 2 new", "Ready 0 2 0 0");
    }

    @Test
    void aWorkerThatDiesBeforeItIsOnlineEndsTheStart() {
        start(2);
        online(1, 0, 1);
        lines.clear();
        exit(1, 1, 1);
        said("NewDeath 0 0 0 1 new", "DestroyNew 0 0 0 0 new");
        exit(1, 0, 1);
        said("NewDestroyed 0 0 0 0 new", "Shutdown 0 0 0 0");
    }

    @Test
    void aDeployBringsAllNewOnesOnlineBeforeTheOldOnesHearOfIt() {
        running(2);
        deploy();
        online(2, 0, 1);
        said("SpawnNew 1 2 0 0 new", "SpawnNew 2 2 0 0 new", "NewOnline 1 2 0 1 new");
        online(2, 1, 1);
        settle();
        said("NewOnline 0 2 0 2 new", "ShutdownOld 0 1 1 2 old", "ShutdownOld 0 0 2 2 old");
        drain(1, 0, 1);
        exit(1, 0, 1);
        drain(1, 1, 1);
        exit(1, 1, 1);
        said("OldExit 0 0 1 2 old", "OldExit 0 0 0 2 old", "Ready 0 2 0 0");
    }

    @Test
    void aNewOneThatDiesLeavesTheOldOnesUntouched() {
        running(1);
        deploy();
        exit(2, 0, 1);
        said("SpawnNew 1 1 0 0 new", "NewDeath 0 1 0 0 new", "DeployFailed 0 1 0 0");
    }

    @Test
    void anAbortDestroysTheNewOnes() {
        running(1);
        deploy();
        feed(new Event.AbortRequested(request()));
        exit(2, 0, 1);
        said("SpawnNew 1 1 0 0 new", "DestroyNew 0 1 0 0 new", "NewDestroyed 0 1 0 0 new", "Ready 0 1 0 0");
    }

    @Test
    void aTimeoutWhileTheOldOnesShutDownDestroysThem() {
        running(1);
        deploy(Optional.of(Duration.ofSeconds(1)));
        online(2, 0, 1);
        settle();
        drain(1, 0, 1);
        lines.clear();
        after(Duration.ofSeconds(1), Timer.of(Timer.Kind.DEPLOY));
        exit(1, 0, 1);
        said("Timeout 0 0 1 1 old", "DestroyOld 0 0 1 1 old", "OldExit 0 0 0 1 old", "Ready 0 1 0 0");
    }

    @Test
    void aStopShutsAllDown() {
        running(2);
        feed(new Event.StopRequested(request(), Optional.empty(), "the test"));
        said("ShutdownOld 0 1 1 0 shutdown", "ShutdownOld 0 0 2 0 shutdown");
        feed(new Event.StopRequested(request(), Optional.of(Duration.ZERO), "the test"));
        after(Duration.ZERO, Timer.of(Timer.Kind.HALT));
        said("AlreadyShuttingDown 0 0 2 0 shutdown", "Timeout 0 0 2 0 shutdown", "DestroyOld 0 0 2 0 shutdown", "DestroyOld 0 0 2 0 shutdown");
        exit(1, 0, 1);
        exit(1, 1, 1);
        said("OldExit 0 0 1 0 shutdown", "OldExit 0 0 0 0 shutdown", "Shutdown 0 0 0 0");
    }

    @Test
    void aDeathIsMadeGoodAtOnceTheFirstTime() {
        running(1);
        exit(1, 0, 1);
        online(1, 0, 2);
        said("WorkerDeath 1 0 0 0", "WorkerOnline 0 1 0 0", "Ready 0 1 0 0");
        exit(1, 0, 2);
        said("WorkerDeath 0 0 0 0");
        after(Duration.ofMillis(100), Timer.of(Timer.Kind.RESPAWN, id(1, 0, 3)));
        said("SpawnNew 1 0 0 0");
    }

    @Test
    void aWorkerThatIsOfflineIsLeftToItself() {
        running(1);
        feed(new Event.WorkerSaid(id(1, 0, 1), new Saying.Stopping()));
        online(1, 0, 2);
        feed(new Event.WorkerSaid(id(1, 0, 1), new Saying.Stopping()));
        said("WorkerOffline 0 0 1 0", "SpawnNew 1 0 1 0", "WorkerOnline 0 1 1 0", "Ready 0 1 1 0");
        assertThat(effects).noneMatch(it -> it instanceof Effect.Signal);
        deploy();
        online(2, 0, 1);
        settle();
        drain(1, 0, 2);
        exit(1, 0, 2);
        assertThat(lines).endsWith("OldExit 0 0 1 1 old", "Ready 0 1 1 0");
        lines.clear();
        exit(1, 0, 1);
        said("WorkerDeath 0 1 0 0");
    }

    @Test
    void theEndOfTheAppIsTheEndOfThoseThatAreOffline() {
        running(1);
        feed(new Event.WorkerSaid(id(1, 0, 1), new Saying.Stopping()));
        online(1, 0, 2);
        lines.clear();
        feed(new Event.StopRequested(request(), Optional.empty(), "the test"));
        drain(1, 0, 2);
        exit(1, 0, 2);
        said("ShutdownOld 0 0 2 0 shutdown", "OldExit 0 0 1 0 shutdown");
        assertThat(effects).contains(new Effect.Signal(id(1, 0, 1), 9, true));
        exit(1, 0, 1);
        said("Shutdown 0 0 0 0");
    }

    @Test
    void aDeathInADeployIsCountedAndMadeGood() {
        running(1);
        deploy();
        exit(1, 0, 1);
        online(1, 0, 2);
        said("SpawnNew 1 1 0 0 new", "WorkerDeath 2 0 0 0 new", "WorkerOnline 1 1 0 0 new");
    }

    @Test
    void whatCannotBeDoneNowIsAnEventToo() {
        running(1);
        feed(new Event.AbortRequested(request()));
        deploy();
        deploy();
        said("ErrorNoDeployInProgress 0 1 0 0", "SpawnNew 1 1 0 0 new", "ErrorDeployInProgress 1 1 0 0 new");
        assertThat(ledger.status().name()).isEqualTo("Status");
    }

    @Test
    void theOldOnesMustNotEndFirst() {
        running(1);
        feed(new Event.DeployRequested(request(), release(), 0, Optional.of(Strategy.REPLACE), Optional.empty(), Optional.empty(), Reason.DEPLOY, "the test"));
        assertThat(effects).singleElement().isInstanceOfSatisfying(Effect.Reply.class, it -> assertThat(it.outcome()).isInstanceOf(Outcome.Refused.class));
    }

    private void said(String... expected) {
        assertThat(lines).containsExactly(expected);
        lines.clear();
    }

    private void running(int workers) {
        start(workers);
        for (int slot = 0; slot < workers; slot++) online(1, slot, 1);
        lines.clear();
    }

    private void start(int workers) {
        Settings usual = Settings.defaults();
        feed(new Event.StartRequested(request(), release(), new Settings(
                workers, new Readiness.Online(), Optional.empty(), Duration.ZERO, usual.drainTimeout(), usual.idleGrace(), Optional.empty(),
                usual.stopSignal(), usual.backlog(), usual.ports(), usual.listen(), usual.takeover(), usual.nodePreload(), Policy.NAUGHT)));
    }

    private void deploy() {
        deploy(Optional.empty());
    }

    private void deploy(Optional<Duration> timeout) {
        feed(new Event.DeployRequested(request(), release(), 0, Optional.empty(), Optional.empty(), timeout, Reason.DEPLOY, "the test"));
    }

    private void online(int generation, int slot, int attempt) {
        feed(new Event.WorkerSpawned(id(generation, slot, attempt), new Pid(100 + slot)));
        feed(new Event.WorkerSaid(id(generation, slot, attempt), new Saying.Ready()));
    }

    private void settle() {
        after(Duration.ZERO, Timer.of(Timer.Kind.SETTLE));
    }

    private void drain(int generation, int slot, int attempt) {
        for (int i = 0; i < 3; i++) feed(new Event.DrainSampled(id(generation, slot, attempt), new DrainSample(0, 0, 0, 0)));
    }

    private void exit(int generation, int slot, int attempt) {
        feed(new Event.WorkerSpawned(id(generation, slot, attempt), new Pid(100 + slot)));
        feed(new Event.WorkerExited(id(generation, slot, attempt), new Exit.Exited(0)));
        List<Effect> ofTheExit = effects;
        feed(new Event.TreeEnded(id(generation, slot, attempt)));
        List<Effect> both = new ArrayList<>(ofTheExit);
        both.addAll(effects);
        effects = both;
    }

    private void after(Duration time, Timer timer) {
        now = now.plus(time);
        feed(new Event.TimerFired(timer));
    }

    private void feed(Event event) {
        State before = state;
        Step step = Supervisor.step(state, event, now);
        state = step.state();
        effects = step.effects();
        ledger.after(before, event, state).forEach(notice -> lines.add(line(notice)));
    }

    private static String line(Notice notice) {
        Tally tally = notice.tally().orElseThrow();
        return "%s %d %d %d %d %s".formatted(notice.name(), tally.booting(), tally.online(), tally.dying(), tally.newOnline(), tally.waitingFor().orElse("")).strip();
    }

    private RequestId request() {
        return new RequestId(++requests);
    }

    private static Release release() {
        return new Release(List.of("node", "server.js"), "/app", "/app", Map.of());
    }

    private static WorkerId id(int generation, int slot, int attempt) {
        return new WorkerId(generation, slot, attempt);
    }
}
