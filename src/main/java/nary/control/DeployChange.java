package nary.control;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import nary.config.Batch;
import nary.config.Strategy;

/**
 * What a deploy changes; what it does not name stays as it is.
 *
 * @param workerCount 1..1000; 0 keeps the count
 * @param environment merged into the app's; never removes a variable
 * @param inherited the caller's whole environment, merged before it; empty: not wanted
 * @param directory the new logical path, absolute
 * @param sameVersion what serves is started again as it is: its directory is not resolved anew
 * @param strategy and batch: empty: the app's
 * @param definition what the app's file says now; empty: it has none, or nobody has read it
 * @param timeout of the whole deploy
 * @param by who asks, e.g. {@code pid 4711}, {@code SIGHUP}
 */
public record DeployChange(
        int workerCount,
        Map<String, String> environment,
        Map<String, String> inherited,
        Optional<String> directory,
        boolean sameVersion,
        Optional<Strategy> strategy,
        Optional<Batch> batch,
        Optional<Definition> definition,
        Optional<Duration> timeout,
        String by) {
    public DeployChange {
        environment = Map.copyOf(environment);
        inherited = Map.copyOf(inherited);
    }

    /** The same release again, its directory resolved anew. */
    public static DeployChange none(String by) {
        return new DeployChange(0, Map.of(), Map.of(), Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), by);
    }

    public DeployChange with(Strategy its) {
        return new DeployChange(workerCount, environment, inherited, directory, sameVersion, Optional.of(its), batch, definition, timeout, by);
    }

    public DeployChange with(Definition its) {
        return new DeployChange(workerCount, environment, inherited, directory, sameVersion, strategy, batch, Optional.of(its), timeout, by);
    }

    public DeployChange withWorkerCount(int count) {
        return new DeployChange(count, environment, inherited, directory, sameVersion, strategy, batch, definition, timeout, by);
    }

    /** New processes of what serves. */
    public static DeployChange restart(Optional<Batch> batch, Optional<Duration> timeout, String by) {
        return new DeployChange(0, Map.of(), Map.of(), Optional.empty(), true, Optional.of(Strategy.ROLLING), batch, Optional.empty(), timeout, by);
    }
}
