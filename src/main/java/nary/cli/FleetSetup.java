package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nary.config.ConfigException;
import nary.config.Suggest;
import nary.fleet.spec.Build;
import nary.fleet.spec.Fleet;
import nary.fleet.spec.FleetFile;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Quoting;
import nary.fleet.ssh.Remotes;
import nary.fleet.ssh.Ssh;
import nary.fleet.ssh.SshSettings;

/** What most fleet commands begin with: the file, the environment, the links to its servers. */
record FleetSetup(Fleet fleet, String environment, Arguments arguments, Context context) {

    static Options environmentOf(Options options) {
        return options.word("ENVIRONMENT", "as the fleet file names it, without case");
    }

    static FleetSetup of(Arguments arguments, Context context) throws UsageError, ConfigException, IOException {
        Fleet fleet = fleet(arguments, context);
        checkSshConfig(arguments, context);
        String names = String.join(", ", fleet.environments());
        String typed = arguments.word().orElseThrow(() -> new UsageError("an environment is missing: " + names));
        String environment = fleet.environment(typed)
                .orElseThrow(() -> new UsageError("no build has an environment '" + typed + "'" + Suggest.text(typed, fleet.environments()) + "; there are " + names));
        return new FleetSetup(fleet, environment, arguments, context);
    }

    static Fleet fleet(Arguments arguments, Context context) throws UsageError, ConfigException, IOException {
        Optional<String> typed = arguments.value("--file");
        Optional<Path> file = typed.isPresent() ? typed.map(context.caller()::resolve) : FleetFile.in(context.caller().directory());
        Path found = file.orElseThrow(() -> new UsageError("there is no " + String.join(", no ", FleetFile.NAMES) + " here; nary fleet init writes one, --file names one"));
        Fleet fleet = FleetFile.read(found, typed.orElse(found.getFileName().toString()));
        checkApps(fleet);
        return fleet;
    }

    /** Options of apps are those of nary start: what is wrong with them is found before anything is touched. */
    private static void checkApps(Fleet fleet) throws ConfigException {
        for (var build : fleet.builds())
            for (Target target : build.targets())
                if (target.app().isPresent()) check(target);
    }

    private static void check(Target target) throws ConfigException {
        try {
            Arguments.parse(StartOptions.options(), target.app().orElseThrow().options().toArray(String[]::new));
        } catch (UsageError e) {
            throw new ConfigException(target.place(), "app of " + target.build() + " in " + target.environment() + ": " + e.getMessage());
        }
    }

    /** What --build names, as typed. */
    Optional<String> build() throws UsageError {
        Optional<String> typed = arguments.value("--build");
        if (typed.isEmpty()) return typed;
        List<String> names = fleet.builds().stream().map(Build::name).toList();
        Build build = fleet.build(typed.get()).orElseThrow(() -> new UsageError("--build: there is no build '" + typed.get() + "'" + Suggest.text(typed.get(), names)));
        if (build.target(environment).isEmpty()) throw new UsageError("--build: " + build.name() + " has no environment " + environment);
        return typed;
    }

    private static void checkSshConfig(Arguments arguments, Context context) throws UsageError {
        Optional<String> typed = arguments.value("--ssh-config");
        if (typed.isPresent() && !Files.isReadable(context.caller().resolve(typed.get()))) throw new UsageError("--ssh-config: there is no file " + typed.get() + " that can be read");
    }

    private Optional<Path> sshConfig() {
        return arguments.value("--ssh-config").map(context.caller()::resolve);
    }

    /** How ssh is called by hand with this run's configuration. */
    String ssh() {
        return "ssh" + sshConfig().map(it -> " -F " + Quoting.word(it.toString())).orElse("");
    }

    Remotes remotes() {
        SshSettings settings = SshSettings.DEFAULT;
        Optional<Path> config = sshConfig();
        return new Ssh(config.isPresent() ? settings.withConfig(config.get()) : settings);
    }
}
