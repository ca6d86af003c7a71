package nary.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nary.config.ConfigException;
import nary.control.Refusal;
import nary.fleet.roll.Shelf;
import nary.fleet.spec.Names;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Remotes;

/** {@code nary fleet rollback}: a deploy of a release that the servers have, and that was good. */
final class FleetRollbackVerb implements Verb {
    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet rollback", "Roll a release over the servers that they have had, and that was good everywhere."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, IOException, InterruptedException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        Optional<String> wanted = FleetWish.release("--to", arguments);
        String release = choose(setup, setup.build(), wanted, context.console());
        return new FleetRun(setup, "rolling back").deploy(FleetWish.of(setup, Optional.of(release), true));
    }

    private static String choose(FleetSetup setup, Optional<String> build, Optional<String> wanted, Console console) throws Refusal, IOException, InterruptedException {
        List<Target> targets = setup.fleet().targets(setup.environment()).stream().filter(it -> build.isEmpty() || Names.same(build.get(), it.build())).toList();
        try (Remotes remotes = setup.remotes()) {
            Shelf shelf = Shelf.of(targets, remotes);
            shelf.lost().forEach(line -> console.err(line + "; it counts as failed: --max-failures lets the others go on"));
            if (wanted.isPresent()) shelf.mustBeGood(wanted.get());
            return wanted.or(shelf::lastGood).orElseThrow(() -> new Refusal("no release beside the current one is recorded as good on every server; nary fleet releases " + setup.environment() + " shows them"));
        }
    }
}
