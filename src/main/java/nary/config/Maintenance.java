package nary.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What new connections are answered while the app is closed for maintenance.
 *
 * @param page an HTML file, absolute; empty: a sentence of nary's own
 * @param retryAfter told in the answer's Retry-After, whole seconds; RFC 9110, 10.2.3
 * @param monitor path that a load balancer asks; empty: none is told from the others
 * @param monitorPasses it is answered 200, as if nothing were the matter; else 503 as all others
 */
public record Maintenance(Optional<String> page, Duration retryAfter, Optional<String> monitor, boolean monitorPasses) {
    public static final Duration USUAL_RETRY = Duration.ofSeconds(30);
    /** Of the page, bytes. */
    public static final int LARGEST_PAGE = 1 << 20;

    /** By a page alone. */
    public static Maintenance by(String page) {
        return new Maintenance(Optional.of(page), USUAL_RETRY, Optional.empty(), false);
    }
}
