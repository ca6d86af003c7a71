package nary.config;

import fc.cron.CronExpression;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A schedule as in crontab(5): minute, hour, day of month, month, day of week; or six fields, the first of which are seconds. As there, of
 * two fields for days that both name some, either is enough. A time that summer time skips comes an hour later, one that it repeats comes
 * twice.
 *
 * @param text as typed
 */
public record Cron(String text) {
    private static final int FIELDS = 5;
    private static final ZonedDateTime ANY = ZonedDateTime.parse("2000-01-01T00:00:00Z");

    /** @throws IllegalArgumentException saying what to type instead */
    public static Cron parse(String text) {
        Cron cron = new Cron(text);
        try {
            cron.after(ANY);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no schedule: " + e.getMessage() + "; use e.g. '0 4 * * *', as in crontab(5)", e);
        }
        return cron;
    }

    /** The first time of the schedule that is later. */
    public ZonedDateTime after(ZonedDateTime time) {
        return either().map(it -> it.nextTimeAfter(time)).min(Comparator.naturalOrder()).orElseThrow();
    }

    private Stream<CronExpression> either() {
        List<String> fields = List.of(text.strip().split("\\s+"));
        if (fields.size() < FIELDS || fields.size() > FIELDS + 1) throw new IllegalArgumentException("it has " + fields.size() + " fields, not 5");
        int dayOfMonth = fields.size() - 3;
        int dayOfWeek = fields.size() - 1;
        boolean hasBoth = isSome(fields.get(dayOfMonth)) && isSome(fields.get(dayOfWeek));
        return hasBoth ? Stream.of(expression(fields, dayOfMonth), expression(fields, dayOfWeek)) : Stream.of(expression(fields, -1));
    }

    private static boolean isSome(String days) {
        return !days.startsWith("*") && !days.startsWith("?");
    }

    /** @param open the field that does not matter, or -1 */
    private static CronExpression expression(List<String> fields, int open) {
        String[] all = fields.toArray(String[]::new);
        if (open >= 0) all[open] = "*";
        return new CronExpression(String.join(" ", all), all.length > FIELDS);
    }
}
