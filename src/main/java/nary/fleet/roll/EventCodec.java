package nary.fleet.roll;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.control.Fields;
import nary.control.WireException;
import nary.fleet.balancer.Pool;
import nary.fleet.plan.Event;
import nary.fleet.plan.Finding;
import nary.fleet.plan.Place;
import nary.fleet.plan.Step;
import org.jspecify.annotations.Nullable;

/** Events as JSON values, and back. */
final class EventCodec {
    static final String KEY = "event";

    private EventCodec() {}

    static Map<String, @Nullable Object> encode(Event event) {
        return switch (event) {
            case Event.Found(Place place, Finding finding) -> at("found", place,
                    "reachable", finding.isReachable(), "healthy", finding.isHealthy(), "release", finding.release().orElse(null), "note", finding.note());
            case Event.Seen seen -> at("seen", seen.place(),
                    "up", seen.isUp(), "others", seen.others().map(it -> (Object) Fields.map("up", it.up(), "total", it.total(), "missing", it.missing())).orElse(null),
                    "rotation", OrderCodec.rotation(seen.rotation()));
            case Event.Done(Place place, Step step) -> at("done", place, "step", step.word());
            case Event.Failed(Place place, Step step, String reason) -> at("failed", place, "step", step.word(), "reason", reason);
            case Event.Interrupted() -> Fields.map(KEY, "interrupted");
            case Event.WentOn() -> Fields.map(KEY, "went on");
            case Event.Resumed() -> Fields.map(KEY, "resumed");
            case Event.HealBegun() -> Fields.map(KEY, "heal begun");
        };
    }

    private static Map<String, @Nullable Object> at(String name, Place place, @Nullable Object... more) {
        Map<String, @Nullable Object> map = Fields.map(KEY, name, "stage", place.stage(), "server", place.server());
        map.putAll(Fields.map(more));
        return map;
    }

    static Event decode(Fields fields) throws WireException {
        String name = fields.text(KEY);
        return switch (name) {
            case "found" -> new Event.Found(place(fields), new Finding(fields.bool("reachable"), fields.bool("healthy"), fields.optionalText("release"), fields.text("note")));
            case "seen" -> new Event.Seen(place(fields), fields.bool("up"), pool(fields), OrderCodec.rotation(fields.object("rotation")));
            case "done" -> new Event.Done(place(fields), step(fields));
            case "failed" -> new Event.Failed(place(fields), step(fields), fields.text("reason"));
            case "interrupted" -> new Event.Interrupted();
            case "went on" -> new Event.WentOn();
            case "resumed" -> new Event.Resumed();
            case "heal begun" -> new Event.HealBegun();
            default -> throw new WireException("there is no event '" + name + "'");
        };
    }

    private static Optional<Pool> pool(Fields fields) throws WireException {
        if (!fields.has("others")) return Optional.empty();
        Fields pool = fields.object("others");
        return Optional.of(new Pool(pool.integer("up"), pool.integer("total"), pool.has("missing") ? pool.texts("missing") : List.of()));
    }

    private static Place place(Fields fields) throws WireException {
        return new Place(fields.integer("stage"), fields.text("server"));
    }

    private static Step step(Fields fields) throws WireException {
        try {
            return Step.of(fields.text("step"));
        } catch (IllegalArgumentException e) {
            throw new WireException("there is no step '" + fields.text("step") + "'");
        }
    }
}
