package nary.fleet.plan;

import java.util.Optional;

/**
 * How a server was found before anything was done.
 *
 * @param isReachable if not, nothing else is known
 * @param isHealthy its app answers, and the balancers see it as up
 * @param release what {@code current} points to; empty: nothing yet
 * @param note why it is not reachable or not healthy; empty if all is well
 */
public record Finding(boolean isReachable, boolean isHealthy, Optional<String> release, String note) {
    public static Finding unreachable(String why) {
        return new Finding(false, false, Optional.empty(), why);
    }
}
