package nary.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nary.config.ConfigException;
import nary.config.Suggest;
import nary.fleet.Host;
import nary.fleet.fitness.Fault;
import nary.fleet.fitness.Inspection;
import nary.fleet.roll.Overview;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Remotes;

/** {@code nary fleet check}; exit 1 if anything is wrong, or differs. */
final class FleetCheckVerb implements Verb {
    private static final String NO_RELEASE = "no release yet";

    @Override
    public Options options() {
        return FleetSetup.environmentOf(new Options("fleet check", "Look at each server: ssh, user and groups, folders as the app's user, temp folders, disk, ports, programs, kernel, balancer, "
                + "health. Each thing that is wrong is shown with what mends it. Nothing is changed."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, IOException, InterruptedException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        List<Target> targets = setup.fleet().targets(setup.environment());
        Optional<String> compared = arguments.value("--compare");
        if (compared.isPresent()) checkCompared(compared.get(), targets, setup.environment());
        try (Remotes remotes = setup.remotes()) {
            var inspection = new Inspection(remotes, context.caller().environment()::get, setup.ssh());
            List<String> lines = compared.isPresent() ? inspection.differences(targets, compared.get()) : faults(inspection, remotes, targets, context);
            lines.forEach(context.console()::out);
            if (lines.isEmpty()) context.console().out(compared.isPresent() ? "no difference" : "all is as it must be");
            return lines.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private static void checkCompared(String typed, List<Target> targets, String environment) throws UsageError {
        List<String> names = targets.stream().flatMap(target -> target.servers().stream()).map(Host::name).distinct().toList();
        if (names.stream().noneMatch(typed::equalsIgnoreCase)) throw new UsageError("--compare: there is no server '" + typed + "' here" + Suggest.text(typed, names));
        boolean hasOthers = targets.stream().map(target -> target.servers().stream().map(Host::name).toList()).anyMatch(it -> it.size() > 1 && it.stream().anyMatch(typed::equalsIgnoreCase));
        if (!hasOthers) throw new UsageError("--compare: no build in " + environment + " has another server beside " + typed);
    }

    private static List<String> faults(Inspection inspection, Remotes remotes, List<Target> targets, Context context) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        Set<String> unreached = new HashSet<>();
        for (Inspection.Report report : inspection.check(targets)) {
            if (!report.isReached()) unreached.add(report.host().name());
            for (Fault fault : report.faults()) lines.add(line(report.host(), report.target(), fault));
        }
        for (Overview.Row row : new Overview(remotes, context.caller().environment()::get).rows(targets)) {
            boolean isWell = row.health().equals("ok") || row.health().equals(NO_RELEASE) || unreached.contains(row.host().name());
            String environment = row.target().environment();
            if (!isWell) lines.add(line(row.host(), row.target(), new Fault("health: " + row.health(), "see the app's logs there; nary fleet rollback " + environment + " goes back to the last release that was good")));
        }
        return lines;
    }

    private static String line(Host host, Target target, Fault fault) {
        return host.name() + ", " + target.build() + ": " + fault.text() + "\n  mend it: " + fault.fix();
    }
}
