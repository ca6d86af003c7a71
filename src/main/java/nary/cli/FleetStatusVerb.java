package nary.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nary.config.ConfigException;
import nary.fleet.roll.Deployment;
import nary.fleet.roll.Overview;
import nary.fleet.ssh.Remotes;

/** {@code nary fleet status}; exit 1 if a server is not well. */
final class FleetStatusVerb implements Verb {
    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet status", "Show release, health and rotation of each server, and who has another release than the others."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        try (Remotes remotes = setup.remotes()) {
            List<Overview.Row> rows = new Overview(remotes, context.caller().environment()::get).rows(setup.fleet().targets(setup.environment()));
            var table = new Table("SERVER", "BUILD", "RELEASE", "ROTATION", "CONNECTIONS", "HEALTH");
            for (Overview.Row row : rows)
                table.row(List.of(row.host().name(), row.target().build(), row.release().orElse("-"), row.rotation().isEmpty() ? "-" : row.rotation(), row.connections(), row.health()));
            table.lines().forEach(context.console()::out);
            Overview.drift(rows).forEach((who, most) -> context.console().out("drift: " + who + " has another release than most: " + most));
            Optional<String> unfinished = Deployment.unfinished(setup.fleet(), setup.environment());
            unfinished.ifPresent(context.console()::out);
            boolean isWell = rows.stream().allMatch(Overview.Row::isWell) && unfinished.isEmpty();
            return isWell ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
