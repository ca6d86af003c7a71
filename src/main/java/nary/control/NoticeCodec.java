package nary.control;

import static nary.control.Fields.map;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nary.id.WorkerId;
import nary.log.EventLog;
import nary.posix.Pid;
import nary.rollout.Reason;
import nary.supervisor.Notice;
import nary.supervisor.Tally;
import org.jspecify.annotations.Nullable;

/**
 * {@link Notice} as a JSON object, on the wire and for people's scripts, and as a line of the event log:
 * {@code TIME KIND [WORKER] [[FACTS]] TEXT}, where FACTS are {@code generation 2}, {@code pid 4711} and a reason, as far as there are any.
 */
public final class NoticeCodec {
    /** Of lines that tell of no event: what nary remarks, and what another wrote. */
    public static final String REMARK = "Remark";

    private static final String WORKER = "\\d{1,9}\\.\\d{1,9}(?:#\\d{1,9})?";
    private static final Pattern LINE = Pattern.compile(
            "(?:(\\d{4}-\\S+T\\S+) )?(?:([A-Z][A-Za-z]+) (?:(" + WORKER + ") )?(?:\\[([a-z0-9, ]*)] )?)?(.*)", Pattern.DOTALL);
    private static final Pattern AMBIGUOUS = Pattern.compile("(?:\\[|" + WORKER + " ).*", Pattern.DOTALL);

    private NoticeCodec() {}

    static Map<String, @Nullable Object> encode(Notice notice) {
        Map<String, @Nullable Object> map = facts(notice);
        notice.tally().ifPresent(tally -> map.put("tally", TallyCodec.encode(tally)));
        return map;
    }

    private static Map<String, @Nullable Object> facts(Notice notice) {
        return map(
                "time", notice.at().map(EventLog::time).orElse(null),
                "kind", notice.name(),
                "generation", notice.generation().orElse(null),
                "slot", notice.worker().map(WorkerId::slot).orElse(null),
                "worker", notice.worker().map(WorkerId::toString).orElse(null),
                "pid", notice.pid().map(Pid::number).orElse(null),
                "reason", notice.reason().map(Reason::text).orElse(null),
                "text", notice.text());
    }

    /** For people's scripts: all fields in each line, null where there is nothing to say. */
    public static String json(Notice notice) {
        return Json.write(facts(notice));
    }

    static Notice decode(Fields in) throws WireException {
        Optional<Tally> tally = in.has("tally") ? Optional.of(TallyCodec.decode(in.object("tally"))) : Optional.empty();
        return new Notice(
                in.has("time") ? time(in.text("time")) : Optional.empty(),
                in.text("kind"),
                Wire.worker(in, "worker"),
                in.has("generation") ? Optional.of(in.integer("generation")) : Optional.empty(),
                in.has("pid") ? Optional.of(new Pid(in.integer("pid"))) : Optional.empty(),
                in.optionalText("reason").flatMap(Reason::named),
                in.text("text"),
                tally);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException somethingElse) {
            return Optional.empty();
        }
    }

    /** For the event log, without the time. */
    public static String line(Notice notice) {
        List<String> facts = new ArrayList<>();
        if (notice.worker().isEmpty()) notice.generation().ifPresent(it -> facts.add("generation " + it));
        notice.pid().ifPresent(it -> facts.add("pid " + it));
        notice.reason().ifPresent(it -> facts.add(it.text()));
        // a text must not look like what comes before it
        boolean hasFacts = !facts.isEmpty() || AMBIGUOUS.matcher(notice.text()).matches();
        String worker = notice.worker().map(it -> " " + it).orElse("");
        return notice.name() + worker + (hasFacts ? " [" + String.join(", ", facts) + "]" : "") + " " + notice.text();
    }

    /** The inverse of {@link #line}, with the time before it. What is no event is a remark. */
    public static Notice parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) throw new IllegalStateException("the pattern matches every line");
        Optional<WorkerId> worker = Optional.ofNullable(parts.group(3)).map(WorkerId::parse);
        Map<String, String> facts = facts(Optional.ofNullable(parts.group(4)).orElse(""));
        return new Notice(
                Optional.ofNullable(parts.group(1)).flatMap(NoticeCodec::time),
                Optional.ofNullable(parts.group(2)).orElse(REMARK),
                worker,
                worker.map(WorkerId::generation).or(() -> number(facts, "generation")),
                number(facts, "pid").map(Pid::new),
                Optional.ofNullable(facts.get("")).flatMap(Reason::named),
                parts.group(5),
                Optional.empty());
    }

    /** Each by its word; the reason has none. */
    private static Map<String, String> facts(String text) {
        Map<String, String> facts = new java.util.HashMap<>();
        for (String fact : text.split(", ")) {
            int space = fact.indexOf(' ');
            facts.put(space < 0 ? "" : fact.substring(0, space), fact.substring(space + 1));
        }
        return facts;
    }

    private static Optional<Integer> number(Map<String, String> facts, String name) {
        return Optional.ofNullable(facts.get(name)).filter(it -> it.matches("[0-9]{1,9}")).map(Integer::parseInt);
    }
}
