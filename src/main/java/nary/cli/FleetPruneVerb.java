package nary.cli;

import java.io.IOException;
import nary.config.ConfigException;
import nary.control.Refusal;
import nary.fleet.roll.Shelf;
import nary.fleet.ssh.Remotes;

/** {@code nary fleet prune}. */
final class FleetPruneVerb implements Verb {
    private static final String DEFAULT_KEPT = "5";
    private static final int MOST = 1000;

    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet prune", "Remove old releases from the servers; never the current one, nor the last good one before it."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, IOException, InterruptedException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        int kept = Values.integer("--keep", arguments.value("--keep").orElse(DEFAULT_KEPT), 1, MOST, "");
        try (Remotes remotes = setup.remotes()) {
            boolean isDry = arguments.isSet("--dry-run");
            var removed = isDry ? Shelf.of(setup.fleet().targets(setup.environment()), remotes).surplus(kept) : Shelf.prune(setup.fleet(), setup.environment(), kept, remotes);
            removed.forEach((holding, releases) -> {
                String done = releases.isEmpty() ? "nothing to remove" : (isDry ? "would remove " : "removed ") + String.join(", ", releases);
                context.console().out(holding.host().name() + ", " + holding.target().build() + ": " + done);
            });
            return ExitCode.DONE;
        }
    }
}
