package nary.control;

import static nary.control.Fields.map;
import static nary.control.Fields.seconds;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Batch;
import nary.config.Launch;
import nary.config.Strategy;
import nary.config.Variables;
import nary.id.WorkerId;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;
import org.jspecify.annotations.Nullable;

/** Requests and messages as lines of JSON. Every request names the protocol's version. */
public final class Wire {
    public static final int PROTOCOL = 1;

    private Wire() {}

    /** @param id chosen by the client; its answer carries it */
    record Asked(long id, Request request) {}

    static String encode(Asked asked) {
        var line = map("nary", PROTOCOL, "id", asked.id());
        line.putAll(asked.request().encode());
        return Json.write(line);
    }

    static Map<String, @Nullable Object> encode(DeployChange change) {
        return map(
                "workerCount", change.workerCount(),
                "environment", change.environment(),
                "inherited", change.inherited(),
                "directory", change.directory().orElse(null),
                "sameVersion", change.sameVersion(),
                "strategy", change.strategy().map(Strategy::text).orElse(null),
                "batch", change.batch().map(Batch::text).orElse(null),
                "definition", Definition.encode(change.definition()),
                "timeoutSeconds", seconds(change.timeout()),
                "by", change.by());
    }

    static Map<String, @Nullable Object> encode(ScaleChange change) {
        return map("amount", change.amount(), "isRelative", change.isRelative(), "timeoutSeconds", seconds(change.timeout()), "by", change.by());
    }

    static Asked decodeRequest(String line) throws WireException {
        Fields in = Fields.parse(line);
        int protocol = in.integer("nary");
        if (protocol != PROTOCOL) throw new WireException("protocol " + protocol + " is not spoken here, only " + PROTOCOL);
        return new Asked(in.number("id"), request(in));
    }

    private static Request request(Fields in) throws WireException {
        String verb = in.text(Request.DO);
        return switch (verb) {
            case Request.GetStatus.NAME -> new Request.GetStatus();
            case Request.GetLaunch.NAME -> new Request.GetLaunch();
            case Request.GetVariables.NAME -> new Request.GetVariables();
            case Request.Follow.NAME -> new Request.Follow();
            case Request.Abort.NAME -> new Request.Abort();
            case Request.ReopenLogs.NAME -> new Request.ReopenLogs();
            case Request.Close.NAME -> new Request.Close(in.has("how") ? Optional.of(MaintenanceCodec.decode(in.object("how"))) : Optional.empty(), in.text("by"));
            case Request.Deploy.NAME -> new Request.Deploy(decodeChange(in.object("change")));
            case Request.Scale.NAME -> new Request.Scale(decodeScale(in.object("change")));
            case Request.Stop.NAME -> new Request.Stop(in.optionalSeconds("timeoutSeconds"), in.text("by"));
            default -> throw new WireException("no such request: '" + verb + "'");
        };
    }

    private static DeployChange decodeChange(Fields in) throws WireException {
        try {
            return new DeployChange(
                    in.integer("workerCount"),
                    in.textMap("environment"),
                    in.textMap("inherited"),
                    in.optionalText("directory"),
                    in.bool("sameVersion"),
                    in.optionalText("strategy").map(Strategy::parse),
                    in.optionalText("batch").map(Batch::parse),
                    in.has("definition") ? Optional.of(Definition.decode(in.object("definition"))) : Optional.empty(),
                    in.optionalSeconds("timeoutSeconds"),
                    in.text("by"));
        } catch (IllegalArgumentException e) {
            throw new WireException(String.valueOf(e.getMessage()));
        }
    }

    private static ScaleChange decodeScale(Fields in) throws WireException {
        return new ScaleChange(in.integer("amount"), in.bool("isRelative"), in.optionalSeconds("timeoutSeconds"), in.text("by"));
    }

    public static String encode(Message message) {
        return Json.write(
                switch (message) {
                    case Message.Hello hello -> map("hello", hello(hello));
                    case Message.Event(Notice notice) -> map("event", NoticeCodec.encode(notice));
                    case Message.Answer(long id, Reply reply) -> map("id", id, "answer", reply(reply));
                    case Message.Rejected(String reason) -> map("error", reason);
                });
    }

    private static Map<String, @Nullable Object> hello(Message.Hello hello) {
        return map(
                "nary", hello.protocol(),
                "version", hello.version(),
                "pid", hello.pid(),
                "ipc", hello.ipc(),
                "directory", hello.directory());
    }

    private static Map<String, @Nullable Object> reply(Reply reply) {
        return switch (reply) {
            case Reply.StatusIs(Status status) -> map("status", StatusCodec.encode(status));
            case Reply.LaunchIs(Launch launch) -> map("launch", LaunchCodec.map(launch));
            case Reply.VariablesAre(Variables variables) -> map("variables", LaunchCodec.variables(variables));
            case Reply.Following() -> map("following", true);
            case Reply.Ended(Outcome outcome, List<String> lastErrors) -> ended(outcome, lastErrors);
        };
    }

    private static Map<String, @Nullable Object> ended(Outcome outcome, List<String> lastErrors) {
        return switch (outcome) {
            case Outcome.Done(String text) -> map("done", text);
            case Outcome.Refused(String text) -> map("refused", text);
            case Outcome.TimedOut(String text) -> map("timedOut", text);
            case Outcome.Aborted(String text) -> map("aborted", text);
            case Outcome.Failed(String text, Optional<WorkerId> witness) ->
                map("failed", text, "witness", witness.map(WorkerId::toString).orElse(null), "lastErrors", lastErrors);
        };
    }

    public static Message decodeMessage(String line) throws WireException {
        Fields in = Fields.parse(line);
        if (in.has("hello")) return decodeHello(in.object("hello"));
        if (in.has("event")) return new Message.Event(NoticeCodec.decode(in.object("event")));
        if (in.has("answer")) return new Message.Answer(in.number("id"), decodeReply(in.object("answer")));
        return new Message.Rejected(in.text("error"));
    }

    private static Message.Hello decodeHello(Fields in) throws WireException {
        int protocol = in.integer("nary");
        int pid = in.integer("pid");
        String version = in.text("version");
        if (protocol != PROTOCOL)
            throw new WireException("the daemon (pid " + pid + ", nary " + version + ") speaks protocol " + protocol + ", this nary " + PROTOCOL
                    + ": use the nary that started it");
        return new Message.Hello(protocol, version, pid, in.text("ipc"), in.text("directory"));
    }

    static Optional<WorkerId> worker(Fields in, String name) throws WireException {
        Optional<String> text = in.optionalText(name);
        try {
            return text.map(WorkerId::parse);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new WireException("field '" + name + "': '" + text.orElse("") + "' names no worker");
        }
    }

    private static Reply decodeReply(Fields in) throws WireException {
        if (in.has("status")) return new Reply.StatusIs(StatusCodec.decode(in.object("status")));
        if (in.has("launch")) return new Reply.LaunchIs(LaunchCodec.decode(in.object("launch")));
        if (in.has("variables")) return new Reply.VariablesAre(LaunchCodec.decodeVariables(in.object("variables")));
        if (in.has("following")) return new Reply.Following();
        if (in.has("failed"))
            return new Reply.Ended(new Outcome.Failed(in.text("failed"), worker(in, "witness")), in.texts("lastErrors"));
        return new Reply.Ended(decodeOutcome(in), List.of());
    }

    private static Outcome decodeOutcome(Fields in) throws WireException {
        if (in.has("done")) return new Outcome.Done(in.text("done"));
        if (in.has("refused")) return new Outcome.Refused(in.text("refused"));
        if (in.has("timedOut")) return new Outcome.TimedOut(in.text("timedOut"));
        return new Outcome.Aborted(in.text("aborted"));
    }
}
