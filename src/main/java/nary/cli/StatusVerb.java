package nary.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nary.config.ConfigException;
import nary.control.Client;
import nary.control.Json;
import nary.control.NoDaemon;
import nary.control.Status;
import nary.control.StatusCodec;

/** {@code nary status}. */
final class StatusVerb implements Verb {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    @Override
    public Options options() {
        return new Options("status", "Show the app and its workers.").app();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException {
        List<Selection> apps = Selection.several(arguments, context.caller());
        if (apps.size() == 1) return show(apps.getFirst().ipc(), arguments, context);
        ExitCode worst = ExitCode.DONE;
        for (Selection app : apps) {
            if (app != apps.getFirst() && !arguments.isSet("--json")) context.console().out("");
            try {
                show(app.ipc(), arguments, context);
            } catch (NoDaemon notRunning) {
                context.console().err(app.title() + ": " + notRunning.getMessage());
                worst = ExitCode.NO_DAEMON;
            }
        }
        return worst;
    }

    private static ExitCode show(Path ipc, Arguments arguments, Context context) throws NoDaemon, IOException {
        try (Client client = Daemons.connect(ipc, context.caller())) {
            Status status = client.status(ANSWER_LIMIT);
            if (arguments.isSet("--json")) context.console().out(Json.write(StatusCodec.encode(status)));
            else show(status, context.console());
        }
        return ExitCode.DONE;
    }

    private static void show(Status status, Console console) {
        var app = status.app();
        console.out("app        " + (app.name().isEmpty() ? "" : app.name() + ": ") + String.join(" ", app.command()));
        console.out("directory  " + app.directory());
        console.out("state      " + app.state() + (app.closed().isEmpty() ? "" : ", " + app.closed()) + ", generation " + app.generation() + ", up " + Text.time(app.uptime()) + ", supervisor pid " + app.pid());
        console.out("policy     strategy " + app.strategy() + ", ready " + app.ready());
        console.out("addresses  " + Text.list(status.addresses()));
        if (!status.unmanaged().isEmpty()) console.out("unmanaged  " + String.join(", ", status.unmanaged()));
        status.deploy().ifPresent(deploy -> console.out("deploy     in progress: " + deploy.phase() + ", for " + Text.time(deploy.since()) + ", by " + deploy.by()));
        console.out("");
        for (String line : workers(status).lines()) console.out(line);
    }

    private static Table workers(Status status) {
        Table table = new Table("SLOT", "GENERATION", "PID", "STATE", "UPTIME", "RESTARTS", "CONNECTIONS", "QUEUE", "RSS", anySays(status) ? "SAYS" : "");
        for (Status.Worker worker : status.workers()) table.row(row(worker));
        return table;
    }

    private static boolean anySays(Status status) {
        return status.workers().stream().anyMatch(it -> !it.says().isEmpty());
    }

    private static List<String> row(Status.Worker worker) {
        String state = worker.state() + (worker.trouble().isEmpty() ? "" : ", " + worker.trouble()) + worker.nextTry().map(wait -> ", next try in " + Text.time(wait)).orElse("");
        return List.of(
                "" + worker.slot(),
                "" + worker.generation(),
                worker.pid() == 0 ? "-" : "" + worker.pid(),
                state,
                Text.time(worker.uptime()),
                "" + worker.restarts(),
                "" + worker.connections(),
                worker.queue() + "/" + worker.queueLimit(),
                Text.bytes(worker.residentBytes()),
                worker.says());
    }
}
