package nary.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When workers are replaced though nobody asks for it.
 *
 * @param maxMemory bytes that the processes of one worker may use together, counted as the kernel's PSS; empty: any
 * @param maxAge since a worker was ready; empty: any
 * @param cron times at which all workers are replaced; empty: none
 * @param watch names of files, below the app's directory, whose change deploys the app; empty: none
 */
public record Expiry(Optional<Long> maxMemory, Optional<Duration> maxAge, Optional<Cron> cron, List<Glob> watch) {
    public static final Expiry NEVER = new Expiry(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    public Expiry {
        watch = List.copyOf(watch);
    }
}
