package nary.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the supervisor does with its workers; the same for all generations of a supervisor's life.
 *
 * @param strategy of deploys that name none
 * @param batch of rolling deploys that name none
 * @param stallTimeout how long a worker may accept nothing while connections wait for it, before it is replaced; empty: for ever
 * @param watchdog within this time each worker that is ready says that it lives, again and again, or is replaced; empty: none need to
 * @param hangSignal what a hung worker gets before it is killed, so that it leaves evidence; empty: SIGQUIT to a JVM, nothing to others
 * @param expiry when workers are replaced though nobody asks for it
 */
public record Policy(
        Strategy strategy,
        Batch batch,
        Respawn respawn,
        OnCrash onCrash,
        Optional<Duration> stallTimeout,
        Optional<Duration> watchdog,
        Optional<Integer> hangSignal,
        Personality personality,
        Expiry expiry) {
    public static final Policy DEFAULT = plain(Personality.NARY);
    public static final Policy NAUGHT = plain(Personality.NAUGHT);

    /** Workers stay as long as they can. */
    public Policy(
            Strategy strategy,
            Batch batch,
            Respawn respawn,
            OnCrash onCrash,
            Optional<Duration> stallTimeout,
            Optional<Duration> watchdog,
            Optional<Integer> hangSignal,
            Personality personality) {
        this(strategy, batch, respawn, onCrash, stallTimeout, watchdog, hangSignal, personality, Expiry.NEVER);
    }

    public Policy with(Expiry its) {
        return new Policy(strategy, batch, respawn, onCrash, stallTimeout, watchdog, hangSignal, personality, its);
    }

    private static Policy plain(Personality personality) {
        return new Policy(
                Strategy.SURGE, Batch.ONE, Respawn.ALWAYS, OnCrash.RESPAWN, Optional.empty(), Optional.empty(), Optional.empty(), personality);
    }

    /** Which ends of a worker that nobody told to stop are followed by a new process. */
    public enum Respawn {
        ALWAYS,
        /** Exit code 0 means that the worker has done its work. */
        ON_FAILURE;

        public String text() {
            return optionText(this);
        }

        /** @throws IllegalArgumentException saying what to type instead */
        public static Respawn parse(String text) {
            return Policy.parse(values(), text);
        }
    }

    /** What follows a worker's failure. */
    public enum OnCrash {
        RESPAWN,
        /** All stop gracefully, and nary exits with the worker's status. */
        EXIT;

        public String text() {
            return optionText(this);
        }

        /** @throws IllegalArgumentException saying what to type instead */
        public static OnCrash parse(String text) {
            return Policy.parse(values(), text);
        }
    }

    private static String optionText(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E parse(E[] values, String text) {
        return Arrays.stream(values)
                .filter(it -> optionText(it).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is neither " + String.join(" nor ", Arrays.stream(values).map(Policy::optionText).toList())));
    }
}
