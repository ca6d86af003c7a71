package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import nary.config.Batch;
import nary.config.Personality;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Settings;
import nary.config.Strategy;
import nary.id.WorkerId;
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import nary.worker.Phase;
import nary.worker.Saying;
import nary.worker.Worker.Trouble;
import org.junit.jupiter.api.Test;

/** What follows from what workers say of themselves. */
class SayingsTest extends CoreFixture {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private final WorkerId first = id(1, 0);
    private final WorkerId heir = first.next();

    @Test
    void aWorkerThatSaysReadyIsReadyWhenItListensWhereTheOldOneDoes() {
        notifying(1, Optional.empty());
        boot(first);
        say(first, new Saying.Ready());
        assertThat(replies()).hasSize(1);
        deploy();
        WorkerId next = id(2, 0);
        feed(new Event.WorkerSpawned(next, new Pid(2)));
        say(next, new Saying.Ready());
        assertThat(phase(next)).isEqualTo(Phase.BOOTING);
        feed(new Event.WorkerListening(next, MAIN));
        assertThat(effects).contains(new Effect.Steer(Set.of(next)));
    }

    @Test
    void aWorkerThatSaysReadyAndNeverListensFailsAtTheBootTimeoutAndSaysWhy() {
        notifying(1, Optional.empty());
        boot(first);
        say(first, new Saying.Ready());
        deploy();
        WorkerId next = id(2, 0);
        feed(new Event.WorkerSpawned(next, new Pid(2)));
        say(next, new Saying.Ready());
        after(Duration.ofSeconds(60), Timer.of(Timer.Kind.BOOT, next));
        assertThat(notices()).contains("worker 2.0 was not ready after 60s: it listens on nothing, but the serving generation on 0.0.0.0:8080");
    }

    @Test
    void aFirstWorkerWithoutAListenerIsReadyByItsWord() {
        notifying(1, Optional.empty());
        feed(new Event.WorkerSpawned(first, new Pid(1)));
        say(first, new Saying.Ready());
        assertThat(replies()).hasSize(1);
    }

    @Test
    void whoGoesOfflineBeforeItIsReadyHasFailedToBoot() {
        online(1);
        deploy();
        WorkerId next = id(2, 0);
        feed(new Event.WorkerSpawned(next, new Pid(2)));
        say(next, new Saying.Stopping());
        assertThat(notices()).contains("worker 2.0 went offline before it was ready");
        end(next);
        assertThat(outcome().text()).isEqualTo("worker 2.0 went offline before it was ready; generation 1 serves with 1 worker as before");
    }

    @Test
    void aSuccessorThatGoesOfflineBeforeItIsReadyIsReplacedWithAPause() {
        online(1);
        feed(new Event.WorkerExited(first, new Exit.Exited(1)));
        feed(new Event.WorkerSpawned(heir, new Pid(2)));
        say(heir, new Saying.Stopping());
        assertThat(effects).contains(new Effect.Signal(heir, 9, true));
        feed(new Event.WorkerExited(heir, new Exit.Killed(9)));
        assertThat(nextTries()).hasSize(1);
    }

    @Test
    void whoGoesOfflineIsDrainedWhenAnotherServesInItsPlaceAndCannotTakeItBack() {
        online(2);
        say(first, new Saying.Stopping());
        assertThat(effects).contains(new Effect.Steer(Set.of(id(1, 1))));
        say(first, new Saying.Ready());
        say(first, new Saying.Stopping());
        assertThat(effects).isEmpty();
        boot(heir);
        assertThat(effects).contains(new Effect.Steer(Set.of(heir, id(1, 1))), new Effect.StartDrain(first));
    }

    @Test
    void whoGoesOfflineAgainAndAgainIsReplacedWithGrowingPauses() {
        online(1);
        WorkerId worker = first;
        say(worker, new Saying.Stopping());
        for (int millis = 100; millis <= 400; millis *= 2) {
            worker = worker.next();
            boot(worker);
            say(worker, new Saying.Stopping());
            assertThat(effects).contains(new Effect.ArmTimer(Timer.of(Timer.Kind.RESPAWN, worker.next()), Duration.ofMillis(millis)));
            assertThat(state.app().orElseThrow().steered()).as("nobody else is there").containsExactly(worker);
            after(Duration.ofMillis(millis), Timer.of(Timer.Kind.RESPAWN, worker.next()));
        }
    }

    @Test
    void whoStallsForAMomentIsPreferredToWhoWantsNoConnections() {
        online(2);
        feed(new Event.WorkerStalled(id(1, 1), 5));
        assertThat(effects).contains(new Effect.Steer(Set.of(first)));
        say(first, new Saying.Stopping());
        assertThat(effects).contains(new Effect.Steer(Set.of(id(1, 1))));
    }

    @Test
    void theOnlyWorkerGetsConnectionsUntilItsSuccessorServes() {
        online(1);
        say(first, new Saying.Stopping());
        assertThat(effects).noneMatch(it -> it instanceof Effect.Steer);
        boot(heir);
        assertThat(effects).contains(new Effect.Steer(Set.of(heir)));
    }

    @Test
    void aSilentWorkerIsExaminedReplacedAskedForEvidenceAndKilled() {
        watched(2);
        after(LIMIT, Timer.of(Timer.Kind.WATCHDOG, first));
        assertThat(effects).contains(new Effect.Examine(first), new Effect.Steer(Set.of(id(1, 1))));
        assertThat(notices()).contains("worker 1.0 has not said WATCHDOG=1 for 10s; another process takes its place");
        say(id(1, 1), new Saying.Alive());
        boot(heir);
        assertThat(effects).contains(new Effect.TakeEvidence(first));
        after(Duration.ofSeconds(2), Timer.of(Timer.Kind.EVIDENCE, first));
        assertThat(effects).contains(new Effect.Signal(first, 9, true));
    }

    @Test
    void aSilentWorkerThatSpeaksAgainIsDrainedInstead() {
        watched(1);
        after(LIMIT, Timer.of(Timer.Kind.WATCHDOG, first));
        assertThat(trouble(first)).isEqualTo(Trouble.SILENT);
        say(first, new Saying.Alive());
        assertThat(trouble(first)).isEqualTo(Trouble.NONE);
        assertThat(notices()).containsExactly("worker 1.0 says again that it lives");
        boot(heir);
        assertThat(effects).contains(new Effect.StartDrain(first)).doesNotContain(new Effect.TakeEvidence(first));
    }

    @Test
    void whoSaysThatItHangsIsNotBelievedToLive() {
        watched(1);
        say(first, new Saying.Hung());
        say(first, new Saying.Alive());
        assertThat(trouble(first)).isEqualTo(Trouble.HUNG);
        boot(heir);
        assertThat(effects).contains(new Effect.TakeEvidence(first));
    }

    @Test
    void aNewWorkerThatFallsSilentWhileItSettlesFailsTheDeploy() {
        watched(1);
        deploy();
        boot(id(2, 0));
        say(id(2, 0), new Saying.Hung());
        assertThat(effects).contains(new Effect.Examine(id(2, 0)), new Effect.Steer(Set.of(first)));
    }

    @Test
    void moreTimeLengthensBootAndStopAndNothingElse() {
        watched(1);
        say(first, new Saying.MoreTime(Duration.ofMinutes(5)));
        assertThat(effects).isEmpty();
        deploy();
        WorkerId next = id(2, 0);
        feed(new Event.WorkerSpawned(next, new Pid(2)));
        say(next, new Saying.MoreTime(Duration.ofSeconds(3)));
        assertThat(effects).as("less than it has").isEmpty();
        say(next, new Saying.MoreTime(Duration.ofMinutes(5)));
        assertThat(effects).containsExactly(new Effect.ArmTimer(Timer.of(Timer.Kind.BOOT, next), Duration.ofMinutes(5)));
    }

    private void say(WorkerId worker, Saying saying) {
        feed(new Event.WorkerSaid(worker, saying));
    }

    private Phase phase(WorkerId worker) {
        return state.app().orElseThrow().worker(worker).orElseThrow().phase();
    }

    private Trouble trouble(WorkerId worker) {
        return state.app().orElseThrow().worker(worker).orElseThrow().trouble();
    }

    private void watched(int workers) {
        online(workers, policy(Optional.of(LIMIT)));
    }

    private static Policy policy(Optional<Duration> watchdog) {
        return new Policy(Strategy.SURGE, Batch.ONE, Policy.Respawn.ALWAYS, Policy.OnCrash.RESPAWN, Optional.empty(), watchdog, Optional.empty(), Personality.NARY);
    }

    private void notifying(int workers, Optional<Duration> watchdog) {
        Settings it = Settings.defaults();
        Settings settings = new Settings(
                workers, new Readiness.Notify(), it.bootTimeout(), it.settle(), it.drainTimeout(), it.idleGrace(), it.stopTimeout(), it.stopSignal(),
                it.backlog(), it.ports(), it.listen(), it.takeover(), it.nodePreload(), policy(watchdog));
        feed(new Event.StartRequested(START, release(), settings));
    }
}
