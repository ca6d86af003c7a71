package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;
import nary.config.Variables;
import nary.posix.Pid;
import nary.posix.Processes.Exit;
import org.junit.jupiter.api.Test;

/** A deploy may change how the workers of its generation are treated. */
class GenerationSettingsTest extends CoreFixture {
    private static final Settings USUAL = Settings.defaults();

    private static Settings other() {
        return new Settings(
                9, new Readiness.Delay(Duration.ofSeconds(1)), Optional.of(Duration.ofSeconds(7)), Duration.ofSeconds(2), Duration.ofSeconds(8), USUAL.idleGrace(),
                Optional.of(Duration.ofSeconds(9)), USUAL.stopSignal(), USUAL.backlog(), USUAL.ports(), USUAL.listen(), USUAL.takeover(), USUAL.nodePreload(), Policy.DEFAULT);
    }

    private void deployOther() {
        Release release = new Release(List.of("./other"), "/app", "/app", Variables.inherited(Map.of()), Optional.of(other()), Optional.empty());
        feed(new Event.DeployRequested(DEPLOY, release, 0, Optional.empty(), Optional.empty(), Optional.empty(), nary.rollout.Reason.DEPLOY, "pid 7"));
    }

    private boolean isArmed(Timer timer, long seconds) {
        return effects.contains(new Effect.ArmTimer(timer, Duration.ofSeconds(seconds)));
    }

    @Test
    void theNewWorkersGoByTheNewOptionsTheOldOnesByTheirs() {
        online(1);
        deployOther();
        assertThat(isArmed(Timer.of(Timer.Kind.BOOT, id(2, 0)), 8)).as("7 s and the delay").isTrue();
        assertThat(isArmed(Timer.of(Timer.Kind.READY, id(2, 0)), 1)).isTrue();
        boot(id(2, 0));
        after(Duration.ofSeconds(1), Timer.of(Timer.Kind.READY, id(2, 0)));
        assertThat(isArmed(Timer.of(Timer.Kind.SETTLE), 2)).isTrue();
        after(Duration.ofSeconds(2), Timer.of(Timer.Kind.SETTLE));
        assertThat(isArmed(Timer.of(Timer.Kind.DRAIN, id(1, 0)), 30)).isTrue();
        drain(id(1, 0));
        assertThat(isArmed(Timer.of(Timer.Kind.STOP, id(1, 0)), 30)).isTrue();
        end(id(1, 0));
        assertThat(outcome()).isInstanceOf(Outcome.Done.class);
        assertThat(state.current().orElseThrow().settings()).as("the worker count is asked for otherwise").isEqualTo(other().withWorkerCount(1));
    }

    @Test
    void aDeployThatFailsChangesNone() {
        online(2);
        deployOther();
        feed(new Event.WorkerSpawned(id(2, 0), new Pid(1)));
        feed(new Event.WorkerExited(id(2, 0), new Exit.Exited(3)));
        assertThat(state.current().orElseThrow().settings()).isEqualTo(USUAL.withWorkerCount(2));
        assertThat(state.current().orElseThrow().release()).isEqualTo(release());
    }

    @Test
    void aLaterDeployWithoutOptionsKeepsThem() {
        online(1);
        deployOther();
        boot(id(2, 0));
        after(Duration.ofSeconds(1), Timer.of(Timer.Kind.READY, id(2, 0)));
        after(Duration.ofSeconds(2), Timer.of(Timer.Kind.SETTLE));
        drain(id(1, 0));
        end(id(1, 0));
        deploy();
        assertThat(isArmed(Timer.of(Timer.Kind.BOOT, id(3, 0)), 8)).isTrue();
    }
}
