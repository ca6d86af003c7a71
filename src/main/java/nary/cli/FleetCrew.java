package nary.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nary.config.ConfigException;
import nary.config.Suggest;
import nary.fleet.Host;
import nary.fleet.run.Crew;
import nary.fleet.run.Outcome;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Lines;
import nary.fleet.ssh.Remote;
import nary.fleet.ssh.Remotes;
import nary.fleet.ssh.Transfer;

/** What the commands that do one thing on many servers have in common: which servers, how many at once, what is said, what it exits with. */
final class FleetCrew {
    private static final int MOST_PARALLEL = 100;

    private final FleetSetup setup;
    private final List<Host> hosts;
    private final Prefix prefix;

    private FleetCrew(FleetSetup setup, List<Host> hosts) {
        this.setup = setup;
        this.hosts = hosts;
        this.prefix = new Prefix(setup.context().console(), hosts.stream().map(Host::name).toList(), setup.context().console().showsColours(setup.context().caller().environment()));
    }

    static FleetCrew of(Arguments arguments, Context context) throws UsageError, ConfigException, IOException {
        FleetSetup setup = FleetSetup.of(arguments, context);
        return new FleetCrew(setup, chosen(setup, arguments.values("--on")));
    }

    /** Of all builds, each once, in the file's order. */
    private static List<Host> chosen(FleetSetup setup, List<String> on) throws UsageError {
        Map<String, Host> all = new LinkedHashMap<>();
        for (Target target : setup.fleet().targets(setup.environment())) for (Host host : target.servers()) all.putIfAbsent(fold(host.name()), host);
        if (all.isEmpty()) throw new UsageError("environment " + setup.environment() + " has no servers");
        List<String> names = all.values().stream().map(Host::name).toList();
        Map<String, Host> chosen = new LinkedHashMap<>();
        for (String each : on) {
            for (String typed : each.split(",")) {
                Host host = all.get(fold(typed.strip()));
                if (host == null)
                    throw new UsageError("--on: " + setup.environment() + " has no server '" + typed + "'" + Suggest.text(typed, names) + "; there are " + String.join(", ", names));
                chosen.put(fold(host.name()), host);
            }
        }
        if (!on.isEmpty() && chosen.isEmpty()) throw new UsageError("--on: which servers? there are " + String.join(", ", names));
        return List.copyOf((on.isEmpty() ? all : chosen).values());
    }

    private static String fold(String name) {
        return name.toLowerCase(java.util.Locale.ROOT);
    }

    interface Job {
        /** @return an exit status */
        int run(Remote remote, Prefix prefix) throws IOException, InterruptedException;
    }

    interface Sending {
        /** @return what was done, for people */
        String done(Remote remote) throws IOException, InterruptedException;
    }

    /** Files to each server or from it; a line each. */
    ExitCode transfer(Sending sending) throws UsageError, InterruptedException {
        return run((remote, prefix) -> {
            prefix.line(remote.host().name(), Lines.Stream.OUT, sending.done(remote));
            return 0;
        });
    }

    /** @param verb of the files, e.g. {@code sent} */
    static String text(Transfer transfer, String verb) {
        return transfer.sent() + " of " + transfer.files() + " files " + verb + ", " + Text.bytes(transfer.sentBytes()) + " of " + Text.bytes(transfer.bytes());
    }

    /** Ctrl+C ends all that runs. */
    ExitCode run(Job job) throws UsageError, InterruptedException {
        int parallel = Values.integer("--parallel", setup.arguments().value("--parallel").orElse("1"), 1, MOST_PARALLEL, "");
        Thread main = Thread.currentThread();
        Interrupts.on("INT", main::interrupt);
        try (Remotes remotes = setup.remotes()) {
            return tell(Crew.run(hosts, parallel, setup.arguments().isSet("--keep-going"), host -> job.run(remotes.to(host), prefix)));
        } catch (InterruptedException e) {
            setup.context().console().err("nary: interrupted; what ran on the servers was ended");
            return ExitCode.INTERRUPTED;
        }
    }

    private ExitCode tell(Crew.Result result) {
        List<String> cancelled = new ArrayList<>();
        List<String> spared = new ArrayList<>();
        for (Outcome outcome : result.outcomes()) {
            switch (outcome) {
                case Outcome.Ran ran when ran.exit() == 0 -> {}
                case Outcome.Ran ran -> setup.context().console().err("nary: " + ran.host().name() + " exited with " + ran.exit());
                case Outcome.Broken broken -> setup.context().console().err("nary: " + broken.reason());
                case Outcome.Cancelled it -> cancelled.add(it.host().name());
                case Outcome.Spared it -> spared.add(it.host().name());
            }
        }
        if (!cancelled.isEmpty()) setup.context().console().err("nary: ended in the middle: " + String.join(", ", cancelled));
        if (!spared.isEmpty()) setup.context().console().err("nary: not begun: " + String.join(", ", spared));
        return exit(result.first());
    }

    private static ExitCode exit(@org.jspecify.annotations.Nullable Outcome first) {
        return switch (first) {
            case Outcome.Ran ran -> new ExitCode(ran.exit());
            case Outcome.Broken broken -> broken.isLate() ? ExitCode.TIMED_OUT : ExitCode.FAILED;
            case Outcome.Cancelled _, Outcome.Spared _ -> ExitCode.FAILED;
            case null -> ExitCode.DONE;
        };
    }
}
