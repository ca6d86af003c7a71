package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import nary.config.Batch;
import nary.config.Policy;
import nary.config.Strategy;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import nary.rollout.Reason;
import nary.worker.DrainSample;
import nary.worker.Phase;
import org.junit.jupiter.api.Test;

class SupervisorTest extends CoreFixture {

    @Test
    void theStartIsAnsweredWhenAllWorkersListen() {
        start(2);
        boot(id(1, 0));
        assertThat(replies()).isEmpty();
        boot(id(1, 1));
        assertThat(replies()).containsExactly(new Effect.Reply(START, new Outcome.Done("2 workers online")));
        assertThat(effects).contains(new Effect.Steer(Set.of(id(1, 0), id(1, 1))));
    }

    @Test
    void aFailedStartIsAnsweredWhenNothingIsLeftRunning() {
        start(2);
        boot(id(1, 1));
        feed(new Event.WorkerSpawned(id(1, 0), new Pid(1)));
        feed(new Event.WorkerExited(id(1, 0), new Exit.Exited(3)));
        assertThat(effects).contains(new Effect.Signal(id(1, 1), 15, false));
        feed(new Event.TreeEnded(id(1, 0)));
        end(id(1, 1));
        var failed = new Outcome.Failed("worker 1.0 exited with exit code 3 before it was ready", Optional.of(id(1, 0)));
        assertThat(effects).endsWith(new Effect.Reply(START, failed), new Effect.Halt(1));
    }

    @Test
    void aFirstWorkerOnLoopbackOnlyWaitsForABetterAddress() {
        start(1);
        feed(new Event.WorkerSpawned(id(1, 0), new Pid(1)));
        feed(new Event.WorkerListening(id(1, 0), LOCAL));
        assertThat(replies()).isEmpty();
        feed(new Event.WorkerListening(id(1, 0), MAIN));
        assertThat(replies()).hasSize(1);
    }

    @Test
    void aFirstWorkerThatStaysOnLoopbackIsReadyAfterHalfASecond() {
        start(1);
        feed(new Event.WorkerSpawned(id(1, 0), new Pid(1)));
        feed(new Event.WorkerListening(id(1, 0), LOCAL));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.READY, id(1, 0)));
        assertThat(replies()).hasSize(1);
    }

    @Test
    void aNewVersionOnAnotherPortFailsAtTheBootTimeoutAndSaysWhy() {
        online(1);
        deploy();
        feed(new Event.WorkerSpawned(id(2, 0), new Pid(2)));
        feed(new Event.WorkerListening(id(2, 0), new Address("0.0.0.0", 8081, false)));
        after(Duration.ofSeconds(60), Timer.of(Timer.Kind.BOOT, id(2, 0)));
        end(id(2, 0));
        assertThat(outcome())
                .isEqualTo(new Outcome.Failed(
                        "worker 2.0 was not ready after 60s: it listens on 0.0.0.0:8081, but the serving generation on 0.0.0.0:8080; "
                                + "generation 1 serves with 1 worker as before",
                        Optional.of(id(2, 0))));
    }

    @Test
    void aDeploySteersSettlesDrainsAndOnlyThenStopsTheOld() {
        online(2);
        deploy();
        boot(id(2, 0));
        assertThat(effects).noneMatch(it -> it instanceof Effect.Steer);
        boot(id(2, 1));
        assertThat(effects).contains(new Effect.Steer(Set.of(id(2, 0), id(2, 1))));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE));
        assertThat(effects).contains(new Effect.StartDrain(id(1, 0)), new Effect.StartDrain(id(1, 1)));
        drain(id(1, 0));
        drain(id(1, 1));
        end(id(1, 0));
        assertThat(replies()).isEmpty();
        end(id(1, 1));
        assertThat(outcome().text()).isEqualTo("generation 2 serves with 2 workers: boot 0s, settle 0.5s, drain 0s, stop 0s; 10 connections drained");
        assertThat(state.current().orElseThrow().generation()).isEqualTo(2);
    }

    @Test
    void aNewWorkerThatDiesWhileItSettlesLeadsBackToTheOldOnes() {
        online(1);
        deploy();
        boot(id(2, 0));
        feed(new Event.WorkerExited(id(2, 0), new Exit.Killed(11)));
        assertThat(effects).contains(new Effect.Steer(Set.of(id(1, 0))));
        feed(new Event.TreeEnded(id(2, 0)));
        assertThat(outcome()).isEqualTo(new Outcome.Failed("worker 2.0 was ended by signal SIGSEGV; generation 1 serves with 1 worker as before", Optional.of(id(2, 0))));
    }

    @Test
    void anAbortBeforeThePointOfNoReturnIsUndoneAndAnsweredToBoth() {
        online(1);
        deploy();
        feed(new Event.WorkerSpawned(id(2, 0), new Pid(2)));
        feed(new Event.AbortRequested(OTHER));
        assertThat(replies()).isEmpty();
        end(id(2, 0));
        var text = "deploy aborted; generation 1 serves with 1 worker as before";
        assertThat(replies()).containsExactly(new Effect.Reply(DEPLOY, new Outcome.Aborted(text)), new Effect.Reply(OTHER, new Outcome.Done(text)));
    }

    @Test
    void anAbortAfterThePointOfNoReturnKillsTheOldAndSaysThatTheNewServes() {
        online(1);
        deploy();
        boot(id(2, 0));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE));
        drain(id(1, 0));
        feed(new Event.AbortRequested(OTHER));
        assertThat(effects).contains(new Effect.Signal(id(1, 0), 9, true));
        end(id(1, 0));
        assertThat(outcome()).isInstanceOf(Outcome.Aborted.class);
        assertThat(outcome().text()).contains("the new version serves (generation 2 serves with 1 worker, 1 old worker killed)");
    }

    @Test
    void aSecondDeployIsRefusedAndToldWhichOneRuns() {
        online(1);
        deploy();
        now = now.plusSeconds(2);
        feed(new Event.DeployRequested(OTHER, release(), 0, Optional.empty(), Optional.empty(), Optional.empty(), Reason.DEPLOY, "pid 8"));
        assertThat(outcome().text()).isEqualTo("a deploy of generation 2 is in progress for 2s (since 2026-01-01T00:00:00Z, by pid 7, booting)");
    }

    @Test
    void aDeployThatTakesTooLongIsUndone() {
        online(1);
        feed(new Event.DeployRequested(DEPLOY, release(), 0, Optional.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(3)), Reason.DEPLOY, "pid 7"));
        feed(new Event.WorkerSpawned(id(2, 0), new Pid(2)));
        after(Duration.ofSeconds(3), Timer.of(Timer.Kind.DEPLOY));
        end(id(2, 0));
        assertThat(outcome()).isEqualTo(new Outcome.TimedOut("the deploy was not done after 3s; generation 1 serves with 1 worker as before"));
    }

    @Test
    void aCrashedWorkerIsReplacedAtOnceAndItsQueueKeptForTheHeir() {
        online(1);
        feed(new Event.WorkerExited(id(1, 0), new Exit.Killed(9)));
        assertThat(effects).contains(new Effect.Spawn(id(1, 0).next(), release(), Set.of(id(1, 0))));
        feed(new Event.TreeEnded(id(1, 0)));
        assertThat(effects).doesNotContain(new Effect.FreeListeners(id(1, 0)));
        boot(id(1, 0).next());
        assertThat(effects).contains(new Effect.Steer(Set.of(id(1, 0).next())), new Effect.FreeListeners(id(1, 0)));
    }

    @Test
    void aCrashLoopBacksOff() {
        online(1);
        WorkerId worker = id(1, 0);
        var pauses = new ArrayList<Duration>();
        for (int i = 0; i < 11; i++) {
            feed(new Event.WorkerSpawned(worker, new Pid(1)));
            feed(new Event.WorkerExited(worker, new Exit.Exited(1)));
            feed(new Event.TreeEnded(worker));
            worker = worker.next();
            for (var nextTry : nextTries()) {
                Duration pause = Duration.between(now, nextTry);
                pauses.add(pause);
                after(pause, Timer.of(Timer.Kind.RESPAWN, worker));
            }
        }
        assertThat(pauses.stream().map(Duration::toMillis)).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 30000L);
    }

    @Test
    void aWorkerThatWasStableForAMinuteIsReplacedAtOnceAgain() {
        online(1);
        feed(new Event.WorkerExited(id(1, 0), new Exit.Exited(1)));
        boot(id(1, 0).next());
        now = now.plusSeconds(61);
        feed(new Event.WorkerExited(id(1, 0).next(), new Exit.Exited(1)));
        assertThat(state.worker(id(1, 0).next().next()).orElseThrow().phase()).isEqualTo(Phase.BOOTING);
    }

    @Test
    void twoStopsAreBothAnsweredAndTheShorterTimeoutKills() {
        online(1);
        feed(new Event.StopRequested(STOP, Optional.empty(), "pid 7"));
        assertThat(effects).contains(new Effect.CloseDoor(id(1, 0)), new Effect.StartDrain(id(1, 0)));
        for (int i = 0; i < 3; i++) feed(new Event.DrainSampled(id(1, 0), new DrainSample(0, 0, 0, 0)));
        assertThat(effects).contains(new Effect.Signal(id(1, 0), 15, false));
        feed(new Event.StopRequested(OTHER, Optional.of(Duration.ofSeconds(1)), "pid 8"));
        after(Duration.ofSeconds(1), Timer.of(Timer.Kind.HALT));
        assertThat(effects).contains(new Effect.Signal(id(1, 0), 9, true));
        end(id(1, 0));
        var done = new Outcome.Done("stopped; 1 worker was killed");
        assertThat(effects).endsWith(new Effect.Reply(STOP, done), new Effect.Reply(OTHER, done), new Effect.Halt(0));
    }

    @Test
    void aDrainThatNeverEndsIsCutAtItsTimeout() {
        online(1);
        deploy();
        boot(id(2, 0));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE));
        feed(new Event.DrainSampled(id(1, 0), new DrainSample(0, 0, 3, 0)));
        after(Duration.ofSeconds(30), Timer.of(Timer.Kind.DRAIN, id(1, 0)));
        assertThat(effects).contains(new Effect.Signal(id(1, 0), 15, false));
        assertThat(notices()).contains("worker 1.0 still has 3 open connections after 30s and is told to stop");
    }

    @Test
    void aTimerThatFiresEarlyIsArmedForTheRest() {
        online(1);
        deploy();
        boot(id(2, 0));
        after(Duration.ofMillis(499), Timer.of(Timer.Kind.SETTLE));
        assertThat(effects).containsExactly(new Effect.ArmTimer(Timer.of(Timer.Kind.SETTLE), Duration.ofMillis(1)));
    }

    @Test
    void aSteeringThatFailsIsTriedAgain() {
        start(1);
        boot(id(1, 0));
        var steer = new Effect.Steer(Set.of(id(1, 0)));
        for (int i = 0; i < 3; i++) {
            feed(new Event.EffectFailed(steer, "ENOMEM"));
            assertThat(effects).contains(steer);
        }
        feed(new Event.EffectFailed(steer, "ENOMEM"));
        assertThat(effects).doesNotContain(steer);
    }

    @Test
    void aRollingDeployToMoreWorkersGoesOnWhereNoOldWorkerIsInTheWay() {
        online(1);
        feed(new Event.DeployRequested(DEPLOY, release(), 3, Optional.of(Strategy.ROLLING), Optional.empty(), Optional.empty(), Reason.DEPLOY, "pid 7"));
        boot(id(2, 0));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE, id(2, 0)));
        drain(id(1, 0));
        end(id(1, 0));
        boot(id(2, 1));
        assertThat(effects).contains(new Effect.Spawn(id(2, 2), release(), Set.of()));
        boot(id(2, 2));
        assertThat(outcome().text()).startsWith("generation 2 serves with 3 workers");
    }

    @Test
    void oneForAllCountsAReplacementThatNeverGetsReady() {
        online(2, new Policy(Strategy.SURGE, Batch.ONE, Policy.Respawn.ALWAYS, Policy.OnCrash.EXIT, Optional.empty(), Optional.empty(), Optional.empty(), nary.config.Personality.NARY));
        feed(new Event.WorkerExited(id(1, 1), new Exit.Exited(0)));
        feed(new Event.TreeEnded(id(1, 1)));
        WorkerId next = id(1, 1).next();
        feed(new Event.WorkerSpawned(next, new Pid(2)));
        after(Duration.ofSeconds(60), Timer.of(Timer.Kind.BOOT, next));
        assertThat(effects).contains(new Effect.Signal(next, 9, true), new Effect.StartDrain(id(1, 0)));
        feed(new Event.WorkerExited(next, new Exit.Killed(9)));
        feed(new Event.TreeEnded(next));
        drain(id(1, 0));
        end(id(1, 0));
        assertThat(effects).endsWith(new Effect.Halt(1));
    }

    @Test
    void whereAllStallTheLastOneThatAcceptedKeepsTheConnections() {
        online(2);
        feed(new Event.WorkerStalled(id(1, 0), 5));
        feed(new Event.WorkerStalled(id(1, 1), 1));
        assertThat(state.app().orElseThrow().steered()).containsExactly(id(1, 1));
        feed(new Event.WorkerExited(id(1, 1), new Exit.Killed(9)));
        assertThat(state.app().orElseThrow().steered()).containsExactly(id(1, 0));
    }

    @Test
    void aStalledWorkerThatIsCalledBackIsTrustedUntilItIsSeenToStallAgain() {
        online(2);
        feed(new Event.WorkerStalled(id(1, 0), 5));
        assertThat(effects).contains(new Effect.Steer(Set.of(id(1, 1))));
        deploy();
        boot(id(2, 0));
        boot(id(2, 1));
        feed(new Event.AbortRequested(OTHER));
        assertThat(effects).contains(new Effect.Steer(Set.of(id(1, 0), id(1, 1))));
        feed(new Event.WorkerStalled(id(1, 0), 5));
        assertThat(effects).contains(new Effect.Steer(Set.of(id(1, 1))));
    }
}
