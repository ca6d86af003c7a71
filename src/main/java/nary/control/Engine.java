package nary.control;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import nary.config.Launch;
import nary.config.Maintenance;
import nary.config.Variables;
import nary.id.WorkerId;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** A running supervisor, as its clients see it. Listeners and replies are called on the engine's thread and must not block. */
public interface Engine {

    /** Listens to every notice, in order, from now on, until closed. */
    AutoCloseable follow(Consumer<Notice> listener);

    void deploy(DeployChange change, Consumer<Outcome> reply);

    void scale(ScaleChange change, Consumer<Outcome> reply);

    void abort(Consumer<Outcome> reply);

    /** @param timeout after which all workers are killed */
    void stop(Optional<Duration> timeout, String by, Consumer<Outcome> reply);

    /** New connections are answered by nary itself, until they go to the workers again. @param how empty: from now on they do */
    void close(Optional<Maintenance> how, String by, Consumer<Outcome> reply);

    Status status();

    /** What a start of this app as it is now would be given; of its environment only what was added to the supervisor's own, PATH and JAVA_HOME. */
    Launch launch();

    /** Where the environment of the generation that serves comes from. */
    Variables variables();

    /** The files of the workers' output were moved away: from now on they are written to new ones. */
    void reopenLogs(Consumer<Outcome> reply);

    /** The last lines this worker wrote to stderr, oldest first; called on the engine's thread too. */
    List<String> lastErrors(WorkerId worker);

    /** Blocks until the supervisor has ended; its exit code. */
    int awaitEnd() throws InterruptedException;
}
