package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nary.config.Policy;
import nary.config.Strategy;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import nary.rollout.Reason;
import nary.worker.Saying;
import org.junit.jupiter.api.Test;

/** Who takes over whose queue. */
class SuccessionTest extends CoreFixture {
    private List<Effect.Spawn> spawns() {
        return effects.stream().filter(it -> it instanceof Effect.Spawn).map(it -> (Effect.Spawn) it).toList();
    }

    /** Of a worker of naught's that has gone offline: its first successor is called off by a deploy, which then fails. */
    @Test
    void whatALeftWorkerLeavesIsTakenOverByTheNextProcessOfItsSlot() {
        online(2, Policy.NAUGHT);
        feed(new Event.WorkerSaid(id(1, 1), new Saying.Stopping()));
        WorkerId calledOff = new WorkerId(1, 1, 2);
        assertThat(spawns()).extracting(Effect.Spawn::worker, Effect.Spawn::heirTo).containsExactly(org.assertj.core.groups.Tuple.tuple(calledOff, Set.of(id(1, 1))));
        feed(new Event.DeployRequested(DEPLOY, release(), 0, Optional.of(Strategy.ROLLING), Optional.empty(), Optional.empty(), Reason.DEPLOY, "pid 7"));
        boot(id(2, 0));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE, id(2, 0)));
        drain(id(1, 0));
        end(id(1, 0));
        boot(id(2, 1));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE, id(2, 1)));
        assertThat(state.worker(id(1, 1)).orElseThrow().isLeft()).isTrue();
        feed(new Event.WorkerExited(id(2, 0), new Exit.Exited(1)));
        feed(new Event.TreeEnded(id(2, 0)));
        boot(new WorkerId(1, 0, 2));
        WorkerId next = new WorkerId(1, 1, 3);
        assertThat(spawns()).filteredOn(it -> it.worker().equals(next)).singleElement().satisfies(it -> assertThat(it.heirTo()).contains(id(1, 1)));
        feed(new Event.WorkerSpawned(calledOff, new Pid(102)));
        assertThat(effects).contains(new Effect.Signal(calledOff, 9, true));
    }

    /** The settle time is the slot's: another process may take the place of the one that it began with. */
    @Test
    void aWorkerThatHangsWhileItSettlesDoesNotEndTheSettleTime() {
        online(2);
        feed(new Event.DeployRequested(DEPLOY, release(), 0, Optional.of(Strategy.ROLLING), Optional.empty(), Optional.empty(), Reason.DEPLOY, "pid 7"));
        boot(id(2, 0));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE, id(2, 0)));
        drain(id(1, 0));
        end(id(1, 0));
        boot(id(2, 1));
        feed(new Event.WorkerSaid(id(2, 1), new Saying.Hung()));
        assertThat(spawns()).extracting(Effect.Spawn::worker).contains(id(2, 1).next());
        assertThat(effects).doesNotContain(new Effect.StartDrain(id(1, 1)));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE, id(2, 1)));
        assertThat(effects).contains(new Effect.StartDrain(id(1, 1)));
        boot(id(2, 1).next());
        drain(id(1, 1));
        end(id(1, 1));
        assertThat(outcome().text()).startsWith("generation 2 serves with 2 workers");
        assertThat(state.app().orElseThrow().timers().keySet()).noneMatch(it -> it.kind() == Timer.Kind.SETTLE);
    }

    /** It had listened, but what it would have inherited is still the living one's. */
    @Test
    void aSuccessorThatDiedBeforeItInheritedKeepsNoPlaceInAReplace() {
        online(1);
        feed(new Event.WorkerSaid(id(1, 0), new Saying.Stopping()));
        WorkerId successor = id(1, 0).next();
        feed(new Event.WorkerSpawned(successor, new Pid(101)));
        feed(new Event.WorkerListening(successor, Address.of(new byte[] {127, 0, 0, 1}, 9000, false)));
        feed(new Event.WorkerExited(successor, new Exit.Killed(9)));
        feed(new Event.TreeEnded(successor));
        deploy(Strategy.REPLACE);
        WorkerId place = new WorkerId(2, 0, 0);
        assertThat(effects).anyMatch(it -> it instanceof Effect.OpenQueue(var placeholder, var _) && placeholder.equals(place));
        assertThat(effects.indexOf(new Effect.Steer(Set.of(place)))).isBetween(0, effects.indexOf(new Effect.StartDrain(id(1, 0))));
    }
}
