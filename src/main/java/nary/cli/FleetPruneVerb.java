package nary.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import nary.config.ConfigException;
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
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        int kept = Values.integer("--keep", arguments.value("--keep").orElse(DEFAULT_KEPT), 1, MOST, "");
        try (Remotes remotes = setup.remotes()) {
            Shelf shelf = Shelf.of(setup.fleet().targets(setup.environment()), remotes);
            for (Map.Entry<Shelf.Holding, List<String>> each : shelf.surplus(kept).entrySet()) {
                Shelf.Holding holding = each.getKey();
                if (!arguments.isSet("--dry-run")) Shelf.prune(holding, each.getValue(), remotes);
                context.console().out(holding.host().name() + ", " + holding.target().build() + ": " + (each.getValue().isEmpty() ? "nothing to remove" : "removed " + String.join(", ", each.getValue())));
            }
            return ExitCode.DONE;
        }
    }
}
