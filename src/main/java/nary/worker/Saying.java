package nary.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a worker says of itself in a datagram to its {@code NOTIFY_SOCKET}: sd_notify(3). */
public sealed interface Saying {

    /** {@code READY=1}. */
    record Ready() implements Saying {}

    /** {@code STOPPING=1}: it wants no new connections. */
    record Stopping() implements Saying {}

    /** {@code STATUS=…}: one line for people, at most {@value #LONGEST_STATUS} characters. */
    record Status(String text) implements Saying {}

    /** {@code WATCHDOG=1}. */
    record Alive() implements Saying {}

    /** {@code WATCHDOG=trigger}: it knows that it hangs. */
    record Hung() implements Saying {}

    /** {@code EXTEND_TIMEOUT_USEC=…}: what it is doing, boot or stop, takes at least so long from now; at most an hour. */
    record MoreTime(Duration atLeast) implements Saying {}

    int LONGEST_STATUS = 200;
    Duration LONGEST_EXTENSION = Duration.ofHours(1);

    /** Each kind once, where it was said first: of several states the last one, of several times the longest. */
    static List<Saying> once(List<Saying> sayings) {
        Map<Class<?>, Saying> kinds = new LinkedHashMap<>();
        for (Saying saying : sayings) kinds.merge(saying.getClass(), saying, Saying::join);
        return List.copyOf(kinds.values());
    }

    private static Saying join(Saying before, Saying now) {
        return before instanceof MoreTime(var first) && now instanceof MoreTime(var second) && first.compareTo(second) > 0 ? before : now;
    }

    /** What a datagram says; lines that are unknown or malformed say nothing. */
    static List<Saying> in(String datagram) {
        List<Saying> sayings = new ArrayList<>();
        for (String line : datagram.split("\n")) add(line.strip(), sayings);
        return sayings;
    }

    private static void add(String line, List<Saying> sayings) {
        int equals = line.indexOf('=');
        if (equals < 0) return;
        String value = line.substring(equals + 1);
        switch (line.substring(0, equals)) {
            case "READY" -> addIf(value.equals("1"), new Ready(), sayings);
            case "STOPPING" -> addIf(value.equals("1"), new Stopping(), sayings);
            case "STATUS" -> sayings.add(new Status(printable(value)));
            case "WATCHDOG" -> {
                addIf(value.equals("1"), new Alive(), sayings);
                addIf(value.equals("trigger"), new Hung(), sayings);
            }
            case "EXTEND_TIMEOUT_USEC" -> addIf(value.matches("[1-9][0-9]{0,17}"), new MoreTime(extension(value)), sayings);
            default -> {
                // for a service manager, or of a later version
            }
        }
    }

    private static void addIf(boolean isSaid, Saying saying, List<Saying> sayings) {
        if (isSaid) sayings.add(saying);
    }

    private static Duration extension(String micros) {
        if (!micros.matches("[0-9]{1,18}")) return Duration.ZERO;
        Duration wish = Duration.ofSeconds(Long.parseLong(micros) / 1_000_000, Long.parseLong(micros) % 1_000_000 * 1000);
        return wish.compareTo(LONGEST_EXTENSION) < 0 ? wish : LONGEST_EXTENSION;
    }

    /** It goes to a terminal. */
    private static String printable(String text) {
        String line = text.replaceAll("\\p{C}", " ").strip();
        int length = line.codePointCount(0, line.length());
        return length <= LONGEST_STATUS ? line : line.substring(0, line.offsetByCodePoints(0, LONGEST_STATUS));
    }
}
