package nary.control;

import java.io.IOException;
import java.util.function.Consumer;
import nary.config.Launch;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** Starts the supervisor of this process. */
public interface EngineFactory {

    /**
     * @param notices every notice from the first on, as {@link Engine#follow}
     * @param started called once: all workers are ready, or the app failed to boot
     */
    Engine start(Launch launch, Consumer<Notice> notices, Consumer<Outcome> started) throws IOException;
}
