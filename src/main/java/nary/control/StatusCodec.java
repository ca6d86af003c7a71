package nary.control;

import static nary.control.Fields.map;
import static nary.control.Fields.seconds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Status} as JSON: on the wire, and for people's scripts by {@code nary status --json}. */
public final class StatusCodec {
    private StatusCodec() {}

    public static Map<String, @Nullable Object> encode(Status status) {
        return map(
                "app", app(status.app()),
                "deploy", status.deploy().map(StatusCodec::deploy).orElse(null),
                "workers", status.workers().stream().map(StatusCodec::worker).toList(),
                "addresses", status.addresses(),
                "unmanaged", status.unmanaged());
    }

    private static Map<String, @Nullable Object> app(Status.App app) {
        return map(
                "name", app.name(),
                "command", app.command(),
                "directory", app.directory(),
                "generation", app.generation(),
                "strategy", app.strategy(),
                "ready", app.ready(),
                "uptimeSeconds", seconds(app.uptime()),
                "state", app.state(),
                "pid", app.pid(),
                "closed", app.closed());
    }

    private static Map<String, @Nullable Object> deploy(Status.Deploy deploy) {
        return map("by", deploy.by(), "sinceSeconds", seconds(deploy.since()), "phase", deploy.phase());
    }

    private static Map<String, @Nullable Object> worker(Status.Worker worker) {
        return map(
                "slot", worker.slot(),
                "generation", worker.generation(),
                "pid", worker.pid(),
                "state", worker.state(),
                "uptimeSeconds", seconds(worker.uptime()),
                "restarts", worker.restarts(),
                "connections", worker.connections(),
                "queue", worker.queue(),
                "queueLimit", worker.queueLimit(),
                "residentBytes", worker.residentBytes(),
                "addresses", worker.addresses(),
                "nextTrySeconds", seconds(worker.nextTry()),
                "trouble", worker.trouble(),
                "says", worker.says());
    }

    static Status decode(Fields in) throws WireException {
        List<Status.Worker> workers = new ArrayList<>();
        for (Object each : in.list("workers")) workers.add(decodeWorker(Fields.of(each)));
        Optional<Status.Deploy> deploy = in.has("deploy") ? Optional.of(decodeDeploy(in.object("deploy"))) : Optional.empty();
        return new Status(decodeApp(in.object("app")), deploy, workers, in.texts("addresses"), in.texts("unmanaged"));
    }

    private static Status.App decodeApp(Fields in) throws WireException {
        return new Status.App(
                in.optionalText("name").orElse(""),
                in.texts("command"),
                in.text("directory"),
                in.integer("generation"),
                in.text("strategy"),
                in.text("ready"),
                in.seconds("uptimeSeconds"),
                in.text("state"),
                in.integer("pid"),
                in.optionalText("closed").orElse(""));
    }

    private static Status.Deploy decodeDeploy(Fields in) throws WireException {
        return new Status.Deploy(in.text("by"), in.seconds("sinceSeconds"), in.text("phase"));
    }

    private static Status.Worker decodeWorker(Fields in) throws WireException {
        return new Status.Worker(
                in.integer("slot"),
                in.integer("generation"),
                in.integer("pid"),
                in.text("state"),
                in.seconds("uptimeSeconds"),
                in.integer("restarts"),
                in.integer("connections"),
                in.integer("queue"),
                in.integer("queueLimit"),
                in.number("residentBytes"),
                in.texts("addresses"),
                in.optionalSeconds("nextTrySeconds"),
                in.text("trouble"),
                in.text("says"));
    }
}
