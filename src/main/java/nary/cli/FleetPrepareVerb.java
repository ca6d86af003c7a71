package nary.cli;

import java.io.IOException;
import nary.config.ConfigException;
import nary.fleet.fitness.Inspection;
import nary.fleet.ssh.Remotes;

/** {@code nary fleet prepare}; may be done again and again. */
final class FleetPrepareVerb implements Verb {
    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet prepare", "Give each server what the fleet file's \"prepare\" says: packages, user, groups, folders, limits. What is there is left alone. "
                + "Log in as root, or as one who may use sudo without a password."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        boolean isDone = true;
        try (Remotes remotes = setup.remotes()) {
            var inspection = new Inspection(remotes, context.caller().environment()::get, setup.ssh());
            for (Inspection.Preparation each : inspection.prepare(setup.fleet().targets(setup.environment()), arguments.isSet("--dry-run"))) {
                isDone &= each.isDone();
                if (each.lines().isEmpty()) context.console().out(each.host().name() + ", " + each.target().build() + ": nothing is asked for");
                for (String line : each.lines()) context.console().out(each.host().name() + ", " + each.target().build() + ": " + line);
            }
        }
        return isDone ? ExitCode.DONE : ExitCode.FAILED;
    }
}
