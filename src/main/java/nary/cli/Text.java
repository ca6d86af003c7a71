package nary.cli;

import java.time.Duration;
import java.util.List;

/** Quantities for people. */
final class Text {
    private Text() {}

    /** {@code 12 s}, {@code 3 min}, {@code 5 h 2 min}, {@code 4 d 3 h}. */
    static String time(Duration time) {
        if (time.toSeconds() < 100) return time.toSeconds() + " s";
        if (time.toMinutes() < 100) return time.toMinutes() + " min";
        if (time.toHours() < 48) return time.toHours() + " h " + time.toMinutesPart() + " min";
        return time.toDays() + " d " + time.toHoursPart() + " h";
    }

    /** {@code 48.3 MB}; without BigDecimal, whose first use costs a command 7 ms. */
    static String bytes(long bytes) {
        long tenths = (bytes + 50_000) / 100_000;
        return bytes == 0 ? "-" : tenths / 10 + "." + tenths % 10 + " MB";
    }

    static String list(List<String> words) {
        return words.isEmpty() ? "-" : String.join(" ", words);
    }
}
