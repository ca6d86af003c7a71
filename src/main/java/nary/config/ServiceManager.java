package nary.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Who started the supervisor and wants to hear of it: systemd, or what speaks its protocol. sd_notify(3), sd_watchdog_enabled(3).
 *
 * @param socket {@code NOTIFY_SOCKET}: a path, or {@code @} and an abstract name
 * @param watchdog within this time it wants to hear that the supervisor lives
 */
public record ServiceManager(String socket, Optional<Duration> watchdog) {

    /** @param pid of the process that the environment was made for */
    public static Optional<ServiceManager> of(Map<String, String> environment, long pid) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        boolean isUsable = socket.startsWith("/") || socket.startsWith("@");
        return isUsable ? Optional.of(new ServiceManager(socket, watchdog(environment, pid))) : Optional.empty();
    }

    private static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean isOurs = environment.getOrDefault("WATCHDOG_PID", "" + pid).equals("" + pid);
        if (!isOurs || !micros.matches("[1-9][0-9]{0,17}")) return Optional.empty();
        return Optional.of(Duration.ofNanos(1000 * Math.min(Long.parseLong(micros), Long.MAX_VALUE / 1000)));
    }
}
