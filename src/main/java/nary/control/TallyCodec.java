package nary.control;

import static nary.control.Fields.map;

import java.util.Map;
import nary.supervisor.Notice;
import nary.supervisor.Tally;
import org.jspecify.annotations.Nullable;

/** {@link Tally} as a JSON object, and an event as naught says it to the process that started it. */
public final class TallyCodec {
    private TallyCodec() {}

    static Map<String, @Nullable Object> encode(Tally tally) {
        Map<String, @Nullable Object> map = counts(tally);
        map.put("waitingFor", tally.waitingFor().orElse(null));
        return map;
    }

    private static Map<String, @Nullable Object> counts(Tally tally) {
        return map("booting", tally.booting(), "online", tally.online(), "dying", tally.dying(), "new_online", tally.newOnline());
    }

    static Tally decode(Fields in) throws WireException {
        return new Tally(
                in.integer("booting"), in.integer("online"), in.integer("dying"), in.integer("new_online"), in.optionalText("waitingFor"));
    }

    /** One without counts. */
    public static String event(String name) {
        return Json.write(map("event", name));
    }

    public static String error(String text) {
        return Json.write(map("event", "Error", "value", text));
    }

    /** One line. */
    public static String event(Notice notice, Tally tally) {
        return Json.write(map("count", counts(tally), "waitingFor", tally.waitingFor().orElse(null), "event", notice.name()));
    }
}
