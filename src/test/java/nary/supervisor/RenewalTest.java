package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nary.config.Batch;
import nary.config.Expiry;
import nary.config.Policy;
import nary.config.Strategy;
import nary.id.RequestId;
import nary.id.WorkerId;
import nary.posix.Processes.Exit;
import nary.rollout.Reason;
import nary.worker.Phase;
import org.junit.jupiter.api.Test;

/** Workers that are replaced though nobody asked for it. */
class RenewalTest extends CoreFixture {
    private static final long LIMIT = 500 << 20;
    private static final Duration AGE = Duration.ofHours(24);

    private static Policy policy(Strategy strategy) {
        return policy(strategy, Policy.OnCrash.RESPAWN);
    }

    private static Policy policy(Strategy strategy, Policy.OnCrash onCrash) {
        Expiry expiry = new Expiry(Optional.of(LIMIT), Optional.of(AGE), Optional.empty(), List.of());
        return new Policy(strategy, Batch.ONE, Policy.Respawn.ALWAYS, onCrash, Optional.empty(), Optional.empty(), Optional.empty(), Policy.DEFAULT.personality(), expiry);
    }

    private void grow(WorkerId worker) {
        feed(new Event.MemorySampled(worker, LIMIT + (100 << 20)));
    }

    private List<WorkerId> spawned() {
        return effects.stream().filter(it -> it instanceof Effect.Spawn).map(it -> ((Effect.Spawn) it).worker()).toList();
    }

    private List<Restart> restarts() {
        return effects.stream().filter(it -> it instanceof Effect.RequestRestart).map(it -> ((Effect.RequestRestart) it).restart()).toList();
    }

    private static WorkerId second(int slot) {
        return new WorkerId(1, slot, 2);
    }

    private void replace(WorkerId old) {
        boot(old.next());
        drain(old);
        end(old);
    }

    @Test
    void aBigWorkerServesUntilItsSuccessorDoes() {
        online(2, policy(Strategy.SURGE));
        grow(id(1, 0));
        assertThat(spawned()).containsExactly(second(0));
        assertThat(notices()).anyMatch(it -> it.equals("worker 1.0 uses 600M, more than 500M; another process takes its place"));
        assertThat(state.app().orElseThrow().steered()).contains(id(1, 0));
        boot(second(0));
        assertThat(state.app().orElseThrow().steered()).containsExactlyInAnyOrder(second(0), id(1, 1));
        assertThat(effects).contains(new Effect.StartDrain(id(1, 0)));
        drain(id(1, 0));
        assertThat(reasonOf("ShutdownOld")).contains(Reason.MEMORY);
        end(id(1, 0));
        assertThat(state.workers()).hasSize(2).allSatisfy(it -> assertThat(it.restarts()).isZero());
    }

    private Optional<Reason> reasonOf(String kind) {
        return effects.stream().filter(it -> it instanceof Effect.Emit).map(it -> ((Effect.Emit) it).notice()).filter(it -> it.name().equals(kind)).findFirst().orElseThrow().reason();
    }

    @Test
    void oneAtATime() {
        online(3, policy(Strategy.SURGE));
        for (int slot = 0; slot < 3; slot++) grow(id(1, slot));
        assertThat(state.app().orElseThrow().in(Phase.BOOTING).map(it -> it.id())).containsExactly(second(0));
        replace(id(1, 0));
        assertThat(state.app().orElseThrow().in(Phase.BOOTING).map(it -> it.id())).containsExactly(second(1));
        replace(id(1, 1));
        replace(id(1, 2));
        assertThat(state.workers()).hasSize(3).allSatisfy(it -> assertThat(it.id().attempt()).isEqualTo(2));
    }

    @Test
    void aDeployUnderWayIsWaitedForAndReplacesWhatWasToBe() {
        online(2, policy(Strategy.SURGE));
        deploy();
        grow(id(1, 0));
        assertThat(spawned()).isEmpty();
        boot(id(2, 0));
        boot(id(2, 1));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE));
        for (int slot = 0; slot < 2; slot++) drain(id(1, slot));
        for (int slot = 0; slot < 2; slot++) end(id(1, slot));
        assertThat(outcome()).isInstanceOf(Outcome.Done.class);
        assertThat(spawned()).isEmpty();
        assertThat(state.app().orElseThrow().renewals()).isEqualTo(Renewals.NONE.withQuick(0, 1));
    }

    @Test
    void whoIsTooBigAtOnceAgainWaitsLongerEachTime() {
        online(1, policy(Strategy.SURGE));
        grow(id(1, 0));
        replace(id(1, 0));
        grow(second(0));
        assertThat(spawned()).isEmpty();
        assertThat(notices()).singleElement().asString().contains("only 0s after it was ready, as its predecessor did; it is replaced in 60s");
        grow(second(0));
        assertThat(effects).isEmpty();
        after(Duration.ofMinutes(1), Timer.of(Timer.Kind.RENEW, second(0)));
        assertThat(spawned()).containsExactly(new WorkerId(1, 0, 3));
        replace(second(0));
        grow(new WorkerId(1, 0, 3));
        assertThat(notices()).singleElement().asString().contains("it is replaced in 120s");
        feed(new Event.MemorySampled(new WorkerId(1, 0, 3), LIMIT));
        assertThat(effects).containsExactly(new Effect.CancelTimer(Timer.of(Timer.Kind.RENEW, new WorkerId(1, 0, 3))));
        now = now.plus(Duration.ofMinutes(11));
        grow(new WorkerId(1, 0, 3));
        assertThat(spawned()).containsExactly(new WorkerId(1, 0, 4));
    }

    @Test
    void aSuccessorThatDoesNotComeUpCostsNothing() {
        online(1, policy(Strategy.SURGE, Policy.OnCrash.EXIT));
        grow(id(1, 0));
        feed(new Event.WorkerExited(second(0), new Exit.Exited(1)));
        assertThat(state.word()).isEqualTo("online");
        assertThat(state.app().orElseThrow().steered()).containsExactly(id(1, 0));
        feed(new Event.TreeEnded(second(0)));
        assertThat(state.app().orElseThrow().in(Phase.BOOTING).map(it -> it.id())).containsExactly(new WorkerId(1, 0, 3));
    }

    @Test
    void oldWorkersAreReplaced() {
        online(2, policy(Strategy.SURGE));
        after(AGE, Timer.of(Timer.Kind.AGE, id(1, 1)));
        assertThat(spawned()).containsExactly(second(1));
        assertThat(notices()).anyMatch(it -> it.contains("worker 1.1 has been ready for 86400s"));
        assertThat(state.workers().get(1).trouble().text()).isEqualTo("too old");
    }

    @Test
    void whereTwoCannotRunSideBySideTheAppIsRestarted() {
        online(1, policy(Strategy.REPLACE));
        grow(id(1, 0));
        assertThat(restarts()).containsExactly(new Restart(Reason.MEMORY, "--max-memory, worker 1.0", false));
        grow(id(1, 0));
        assertThat(effects).isEmpty();
        feed(new Event.RestartAnswered(false));
        assertThat(restarts()).isEmpty();
    }

    @Test
    void aRestartWaitsForWhatIsUnderWayAndSeveralBecomeOne() {
        online(1, policy(Strategy.SURGE));
        deploy();
        feed(new Event.RestartDue(new Restart(Reason.CRON, "--cron 0 4 * * *", false)));
        assertThat(notices()).containsExactly("--cron 0 4 * * *; waits for what is under way");
        feed(new Event.RestartDue(new Restart(Reason.WATCH, "--watch, a.js changed", true)));
        feed(new Event.RestartDue(new Restart(Reason.CRON, "--cron 0 4 * * *", false)));
        assertThat(restarts()).isEmpty();
        feed(new Event.AbortRequested(OTHER));
        feed(new Event.WorkerSpawned(id(2, 0), new nary.posix.Pid(101)));
        feed(new Event.WorkerExited(id(2, 0), new Exit.Exited(0)));
        feed(new Event.TreeEnded(id(2, 0)));
        assertThat(restarts()).containsExactly(new Restart(Reason.WATCH, "--watch, a.js changed", true));
    }

    @Test
    void aRestartThatCameTooLateIsAskedForAgain() {
        online(1, policy(Strategy.SURGE));
        feed(new Event.RestartDue(new Restart(Reason.CRON, "--cron", false)));
        assertThat(restarts()).hasSize(1);
        feed(new Event.RestartAnswered(true));
        assertThat(restarts()).isEmpty();
        after(Duration.ofSeconds(1), Timer.of(Timer.Kind.RENEW));
        assertThat(restarts()).hasSize(1);
        feed(new Event.DeployRequested(new RequestId(9), release(), 0, Optional.of(Strategy.ROLLING), Optional.empty(), Optional.empty(), Reason.CRON, "--cron"));
        assertThat(reasonOf("Deploy")).contains(Reason.CRON);
    }
}
