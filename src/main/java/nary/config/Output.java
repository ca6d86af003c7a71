package nary.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What becomes of the workers' output, and of the event log's files.
 *
 * @param maxSize bytes at which a file is rotated; empty: never
 * @param maxFiles how many rotated files are kept of each file; empty: all
 * @param maxAge how long a rotated file is kept; empty: for ever
 */
public record Output(Format format, Optional<Long> maxSize, Optional<Integer> maxFiles, Optional<Duration> maxAge, Overflow overflow) {
    public static final Output DEFAULT =
            new Output(Format.RAW, Optional.of(10_485_760L), Optional.empty(), Optional.empty(), Overflow.WAIT);

    /** Stands for the worker's slot in the name of an output file. */
    public static final String SLOT = "{slot}";

    /** How a line is written. */
    public enum Format {
        /** As the worker wrote it, byte for byte. */
        RAW,
        /** Time, generation and slot, pid, then the line. */
        TEXT,
        /** One JSON object a line. */
        JSON;

        public static Format parse(String text) {
            return named(values(), text, "format");
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is done when the disk does not keep up. */
    public enum Overflow {
        /** The worker waits, as soon as its pipe is full. */
        WAIT,
        /** Lines are dropped, and counted. */
        DROP;

        public static Overflow parse(String text) {
            return named(values(), text, "way");
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException saying what to type instead */
    private static <E extends Enum<E>> E named(E[] all, String text, String what) {
        for (E each : all) if (each.name().toLowerCase(Locale.ROOT).equals(text)) return each;
        String names = Arrays.stream(all).map(each -> each.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(" or "));
        throw new IllegalArgumentException("'" + text + "' is no such " + what + "; use " + names);
    }
}
