package nary.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Batch;
import nary.config.ConfigException;
import nary.config.EnvFile;
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

    /** Asks for a deploy as a client would; not on the supervisor's thread, which waits for no disk. */
    void request(Restart restart) {
        Thread.ofVirtual().name("restart").start(() -> {
            try {
                Map<String, String> fromFiles = restart.isNewVersion() ? EnvFile.read(variableFiles()) : Map.of();
                loop.ask((state, request) -> deploy(state, request, restart, fromFiles), outcome -> answered(outcome instanceof Outcome.Refused));
            } catch (ConfigException | IOException e) {
                failed(restart, e);
                answered(false);
            }
        });
    }

    private List<String> variableFiles() {
        return loop.state().current().map(it -> it.release().variables().files()).orElse(List.of());
    }

    private void answered(boolean isRefused) {
        loop.post(new Event.RestartAnswered(isRefused));
    }

    private void failed(Restart restart, Exception e) {
        loop.trouble("not restarted (" + restart.by() + "): " + e.getMessage());
    }

    private Event deploy(State state, RequestId request, Restart restart, Map<String, String> fromFiles) {
        State.Current current = state.current().orElseThrow(() -> new IllegalArgumentException("the app has not come up yet"));
        Optional<Strategy> strategy = restart.isNewVersion() ? Optional.empty() : Optional.of(sameVersion(current.settings().policy()));
        Optional<Batch> batch = strategy.filter(it -> it == Strategy.ROLLING).map(_ -> Batch.ONE);
        return new Event.DeployRequested(request, release(current.release(), restart, fromFiles), 0, strategy, batch, Optional.empty(), restart.reason(), restart.by());
    }

    private Release release(Release current, Restart restart, Map<String, String> fromFiles) {
        try {
            return restart.isNewVersion() ? current.again(fromFiles) : current;
        } catch (IllegalArgumentException e) {
            failed(restart, e);
            throw e;
        }
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
