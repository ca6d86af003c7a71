package nary.cli;

import java.util.List;
import java.util.function.Supplier;
import nary.config.Suggest;

/** The table of commands. Only the one that runs is made. */
record Verbs(String name, String summary, boolean isHidden, Supplier<Verb> make) {
    static final List<Verbs> ALL = List.of(
            new Verbs("start", "start an app and keep it running", false, StartVerb::new),
            new Verbs("status", "show the app and its workers", false, StatusVerb::new),
            new Verbs("ls", "list all apps of this user that run", false, LsVerb::new),
            new Verbs("deploy", "replace all workers by new ones, dropping nothing", false, DeployVerb::new),
            new Verbs("deploy-abort", "abort the deploy in progress", false, DeployAbortVerb::new),
            new Verbs("restart", "replace all workers by new ones of the same version", false, RestartVerb::new),
            new Verbs("scale", "change the number of workers", false, ScaleVerb::new),
            new Verbs("maintenance", "answer new connections with a page, while the workers finish theirs", false, MaintenanceVerb::new),
            new Verbs("stop", "stop the app, gracefully", false, StopVerb::new),
            new Verbs("up", "start or deploy all apps of nary.yml, where they differ from it", false, UpVerb::new),
            new Verbs("down", "stop all apps of nary.yml", false, DownVerb::new),
            new Verbs("env", "show the app's environment, and what the next deploy would change", false, EnvVerb::new),
            new Verbs("config", "check nary.yml, or print its schema", false, ConfigVerb::new),
            new Verbs("logs", "print what the workers wrote, and follow it", false, LogsVerb::new),
            new Verbs("events", "print what has happened to the app, and follow it", false, EventsVerb::new),
            new Verbs("notify", "for workers: say how this one is", false, NotifyVerb::new),
            new Verbs("transform", "change a configuration file for an environment", false, TransformVerb::new),
            new Verbs("unit", "print a systemd unit for the app that runs", false, UnitVerb::new),
            new Verbs("install", "link nary into a directory, also under the name naught", false, InstallVerb::new),
            new Verbs("demo", "watch an app being deployed under load", false, DemoVerb::new),
            new Verbs("fleet", "deploy to many servers, behind load balancers", false, FleetVerb::new),
            new Verbs("version", "print the version", false, VersionVerb::new),
            new Verbs("help", "show help on a command", false, HelpVerb::new),
            new Verbs(DaemonVerb.NAME, "", true, DaemonVerb::new),
            new Verbs(TrainVerb.NAME, "", true, TrainVerb::new));

    static List<String> names() {
        return ALL.stream().filter(verb -> !verb.isHidden()).map(Verbs::name).toList();
    }

    static Verbs named(String name) throws UsageError {
        for (Verbs verb : ALL) if (verb.name().equals(name)) return verb;
        throw new UsageError("there is no command '" + name + "'" + Suggest.text(name, names()));
    }
}
