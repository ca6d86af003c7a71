package nary.supervisor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nary.config.Batch;
import nary.config.Expiry;
import nary.config.Launch;
import nary.config.Policy;
import nary.config.Release;
import nary.config.Strategy;
import nary.id.RequestId;
import nary.posix.Posix;
import nary.rollout.Reason;

/** What calls for a restart besides clients: memory, the time of day, files. Nothing of it runs unless it is asked for. */
final class Triggers {
    private final Loop loop;
    private final Optional<MemorySampler> memory;
    private final Optional<FileWatch> files;
    private final Optional<Thread> cron;

    Triggers(Posix posix, Launch launch, Loop loop, Trees trees) {
        Expiry expiry = launch.settings().policy().expiry();
        this.loop = loop;
        this.memory = expiry.maxMemory().map(_ -> new MemorySampler(posix, trees, loop::post, loop::trouble));
        this.files = expiry.watch().isEmpty() ? Optional.empty() : Optional.of(new FileWatch(expiry.watch(), launch.files(), this::changed, loop::trouble));
        this.cron = expiry.cron().map(it -> CronClock.start(it, () -> due(new Restart(Reason.CRON, "--cron " + it.text(), false))));
    }

    private void changed(List<Path> changed) {
        String more = changed.size() > 1 ? " and " + (changed.size() - 1) + " more" : "";
        due(new Restart(Reason.WATCH, "--watch, " + changed.getFirst() + more + " changed", true));
    }

    private void due(Restart restart) {
        loop.post(new Event.RestartDue(restart));
    }

    /** After each step. */
    void look(State state) {
        memory.ifPresent(it -> it.watch(state));
        files.ifPresent(it -> state.current().map(State.Current::release).ifPresent(release -> it.watch(Path.of(release.physical()))));
    }

    /** Asks for a deploy as a client would. On the supervisor's thread. */
    void request(Restart restart) {
        loop.ask((state, request) -> deploy(state, request, restart), outcome -> loop.post(new Event.RestartAnswered(outcome instanceof Outcome.Refused)));
    }

    private static Event deploy(State state, RequestId request, Restart restart) {
        State.Current current = state.current().orElseThrow(() -> new IllegalArgumentException("the app has not come up yet"));
        Release release = restart.isNewVersion() ? current.release().resolved() : current.release();
        Optional<Strategy> strategy = restart.isNewVersion() ? Optional.empty() : Optional.of(sameVersion(current.settings().policy()));
        Optional<Batch> batch = strategy.filter(it -> it == Strategy.ROLLING).map(_ -> Batch.ONE);
        return new Event.DeployRequested(request, release, 0, strategy, batch, Optional.empty(), restart.reason(), restart.by());
    }

    /** One after the other, unless two cannot run side by side. */
    private static Strategy sameVersion(Policy policy) {
        return policy.strategy() == Strategy.REPLACE ? Strategy.REPLACE : Strategy.ROLLING;
    }

    void close() {
        memory.ifPresent(MemorySampler::close);
        files.ifPresent(FileWatch::close);
        cron.ifPresent(Thread::interrupt);
    }
}
