package nary.cli;

import java.io.IOException;
import java.util.Optional;
import nary.config.ConfigException;
import nary.control.Refusal;

/** {@code nary fleet resume} and {@code nary fleet heal}: what becomes of a run whose deployer died. */
record FleetGoOnVerb(How how) implements Verb {
    enum How {
        RESUME,
        HEAL
    }

    @Override
    public Options options() {
        return FleetSetup.environmentOf(
                switch (how) {
                    case RESUME -> new Options("fleet resume", "Finish the last run of an environment from its journal, in the direction that it had.");
                    case HEAL -> new Options("fleet heal", "Undo the last run of an environment if it was not finished, and bring back what could not be brought back.");
                });
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, Refusal, IOException, InterruptedException, ConfigException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        return switch (how) {
            case RESUME -> new FleetRun(setup, "resuming").run(it -> Optional.of(it.resume(setup.fleet(), setup.environment())));
            case HEAL -> new FleetRun(setup, "undoing").heal();
        };
    }
}
