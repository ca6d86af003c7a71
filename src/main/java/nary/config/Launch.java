package nary.config;

import java.util.List;
import java.util.Optional;

/**
 * All that a supervisor is started with; handed from the command to the daemon as one JSON line.
 *
 * @param files absolute paths
 * @param output what becomes of the workers' output
 * @param confinement of all workers
 * @param manager who wants to hear how the supervisor is
 * @param typed the options of {@code nary start} as they were typed, each {@code --name=value}
 * @param hooks commands that are run when something has happened
 */
public record Launch(
        Release release,
        Settings settings,
        Files files,
        Output output,
        Confinement confinement,
        Optional<ServiceManager> manager,
        List<String> typed,
        Hooks hooks) {
    public Launch {
        typed = List.copyOf(typed);
    }

    /** Without hooks. */
    public Launch(
            Release release,
            Settings settings,
            Files files,
            Output output,
            Confinement confinement,
            Optional<ServiceManager> manager,
            List<String> typed) {
        this(release, settings, files, output, confinement, manager, typed, Hooks.NONE);
    }

    /** Without anything unusual. */
    public Launch(Release release, Settings settings, Files files) {
        this(release, settings, files, Output.DEFAULT, Confinement.NONE, Optional.empty(), List.of(), Hooks.NONE);
    }

    /** @param ipc control socket; log: events; stdout, stderr: the workers' output */
    public record Files(String ipc, String pid, String log, String stdout, String stderr) {}
}
