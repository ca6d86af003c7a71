package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nary.config.ConfigException;
import nary.config.Maintenance;
import nary.control.Refusal;
import nary.fleet.roll.Shutters;
import nary.fleet.ssh.Remotes;

/** {@code nary fleet maintenance ENV on|off}. */
final class FleetMaintenanceVerb implements Verb {
    /** What goes to the servers as it was typed; the page goes as a file. */
    private static final List<String> PASSED_ON = List.of("--retry-after", "--monitor", "--monitor-answer");

    @Override
    public Options options() {
        return new Options("fleet maintenance", "Close the apps that nary runs on the servers of an environment: new connections are answered by a page and 503, while requests under way finish; off: they go to the workers again.")
                .words("ENVIRONMENT on|off", "the environment as the fleet file names it, without case", 2);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, Refusal, ConfigException, IOException, InterruptedException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        boolean isClosing = MaintenanceVerb.isOn(arguments.words().stream().skip(1).findFirst());
        Optional<Path> page = isClosing ? page(MaintenanceVerb.how(arguments, context.caller())) : Optional.empty();
        Optional<String> build = setup.build();
        Thread main = Thread.currentThread();
        Interrupts.on("INT", main::interrupt);
        try (Remotes remotes = setup.remotes()) {
            var shutters = new Shutters(setup.fleet(), setup.environment(), build, remotes);
            return show(isClosing ? shutters.close(page, passedOn(arguments)) : shutters.open(), context.console());
        } catch (InterruptedException e) {
            context.console().err("interrupted; nary fleet status " + setup.environment() + " shows which servers are closed");
            return ExitCode.INTERRUPTED;
        }
    }

    /** What the servers would refuse is refused here. */
    private static Optional<Path> page(Maintenance how) throws UsageError, IOException {
        Optional<Path> page = how.page().map(Path::of);
        long bytes = page.isPresent() ? Files.size(page.get()) : 0;
        if (bytes > Maintenance.LARGEST_PAGE) throw new UsageError("--page: " + page.get() + " has " + bytes + " bytes, a page may have " + Maintenance.LARGEST_PAGE);
        return page;
    }

    private static List<String> passedOn(Arguments arguments) {
        return arguments.typed().stream().filter(it -> PASSED_ON.contains(it.substring(0, it.indexOf('=')))).toList();
    }

    private static ExitCode show(List<Shutters.Row> rows, Console console) {
        for (Shutters.Row row : rows) {
            String line = row.host().name() + ", " + row.target().build() + ": " + row.text();
            if (row.isDone()) console.out(line);
            else console.err(line);
        }
        return rows.stream().allMatch(Shutters.Row::isDone) ? ExitCode.DONE : ExitCode.FAILED;
    }
}
