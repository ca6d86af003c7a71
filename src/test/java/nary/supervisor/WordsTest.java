package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import nary.config.Batch;
import nary.config.Policy;
import nary.config.Strategy;
import nary.id.WorkerId;
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import org.junit.jupiter.api.Test;

/** What is said and shown is so. */
class WordsTest extends CoreFixture {

    @Test
    void aSlotThatBacksOffIsSeenWithItsNextTryWhoeverIsLeftOfIt() {
        online(1);
        WorkerId first = id(1, 0);
        feed(new Event.WorkerExited(first, new Exit.Killed(9)));
        feed(new Event.TreeEnded(first));
        feed(new Event.SpawnFailed(first.next(), "EAGAIN"));
        assertThat(state.workers()).extracting(State.Row::id).as("its queue is kept").containsExactly(first);
        assertThat(nextTries()).containsExactly(now.plusMillis(100));
        after(Duration.ofMillis(100), Timer.of(Timer.Kind.RESPAWN, first.next().next()));
        assertThat(nextTries()).isEmpty();
    }

    @Test
    void aSlotThatBacksOffIsSeenAlsoWhenNothingIsLeftOfIt() {
        online(2);
        deploy(Strategy.FIRST_READY);
        boot(id(2, 0));
        after(Duration.ofMillis(500), Timer.of(Timer.Kind.SETTLE));
        for (int slot = 0; slot < 2; slot++) {
            drain(id(1, slot));
            end(id(1, slot));
        }
        feed(new Event.SpawnFailed(id(2, 1), "ENOENT"));
        WorkerId last = id(1, 1).next().next();
        feed(new Event.SpawnFailed(id(1, 1).next(), "ENOENT"));
        feed(new Event.SpawnFailed(last, "ENOENT"));
        assertThat(state.workers()).filteredOn(it -> it.nextTry().isPresent()).extracting(State.Row::id).containsExactly(last);
    }

    @Test
    void aScaleCountsThoseWhoServe() {
        online(2);
        feed(new Event.WorkerExited(id(1, 1), new Exit.Exited(7)));
        feed(new Event.SpawnFailed(id(1, 1).next(), "EAGAIN"));
        scale(3, Optional.empty());
        boot(id(1, 2));
        assertThat(outcome()).isEqualTo(new Outcome.Done("2 of 3 workers online"));
    }

    @Test
    void aScaleThatIsAbortedOrTakesTooLongIsNotCalledADeploy() {
        online(1);
        scale(2, Optional.empty());
        feed(new Event.WorkerSpawned(id(1, 1), new Pid(2)));
        feed(new Event.AbortRequested(OTHER));
        end(id(1, 1));
        assertThat(outcome()).isEqualTo(new Outcome.Aborted("scale aborted; 1 worker online as before"));
        scale(2, Optional.of(Duration.ofSeconds(3)));
        feed(new Event.WorkerSpawned(id(1, 1).next(), new Pid(3)));
        after(Duration.ofSeconds(3), Timer.of(Timer.Kind.DEPLOY));
        end(id(1, 1).next());
        assertThat(outcome()).isEqualTo(new Outcome.TimedOut("the scale was not done after 3s; 1 worker online as before"));
    }

    @Test
    void aHungWorkerIsNotCountedBesideItsSuccessor() {
        online(1, new Policy(Strategy.SURGE, Batch.ONE, Policy.Respawn.ALWAYS, Policy.OnCrash.RESPAWN, Optional.of(Duration.ofSeconds(1)), Optional.empty(), Optional.empty(), nary.config.Personality.NARY));
        feed(new Event.WorkerStalled(id(1, 0), 5));
        after(Duration.ofSeconds(1), Timer.of(Timer.Kind.STALL, id(1, 0)));
        boot(id(1, 0).next());
        assertThat(notices()).contains("1 worker online");
    }
}
