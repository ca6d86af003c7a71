package nary.supervisor;

import java.time.Instant;
import java.util.List;

/** What happened, for whoever has to find out why. */
final class Trace {
    private Trace() {}

    static String line(Instant now, Event event, List<Effect> effects) {
        var text = new StringBuilder(now.toString().substring(14)).append(' ').append(event);
        for (Effect effect : effects) if (!(effect instanceof Effect.Emit)) text.append("\n      → ").append(effect);
        return text.toString();
    }
}
