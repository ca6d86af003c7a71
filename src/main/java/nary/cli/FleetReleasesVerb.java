package nary.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nary.config.ConfigException;
import nary.fleet.roll.Shelf;
import nary.fleet.ssh.Remotes;

/** {@code nary fleet releases}. */
final class FleetReleasesVerb implements Verb {
    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet releases", "List the releases that the servers have, the newest last, and what became of them."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        try (Remotes remotes = setup.remotes()) {
            Shelf shelf = Shelf.of(setup.fleet().targets(setup.environment()), remotes);
            var table = new Table("SERVER", "BUILD", "RELEASE", "STATE", "SINCE", "BY");
            for (Shelf.Holding holding : shelf.holdings()) for (String release : releases(holding)) table.row(row(holding, release));
            table.lines().forEach(context.console()::out);
            shelf.lost().forEach(context.console()::err);
            return shelf.lost().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** Those of which something is noted in that order, then the others. */
    private static Set<String> releases(Shelf.Holding holding) {
        Set<String> all = new LinkedHashSet<>();
        for (Shelf.Note note : holding.notes()) {
            all.remove(note.release());
            all.add(note.release());
        }
        all.addAll(holding.here());
        return all;
    }

    private static List<String> row(Shelf.Holding holding, String release) {
        Optional<Shelf.Note> note = holding.notes().stream().filter(it -> it.release().equals(release)).reduce((_, last) -> last);
        List<String> state = new ArrayList<>();
        if (holding.current().filter(release::equals).isPresent()) state.add("current");
        note.ifPresent(it -> state.add(it.word()));
        if (!holding.here().contains(release)) state.add("removed");
        return List.of(
                holding.host().name(),
                holding.target().build(),
                release,
                state.isEmpty() ? "-" : String.join(", ", state),
                note.map(Shelf.Note::at).orElse("-"),
                note.map(Shelf.Note::by).orElse("-"));
    }
}
