package nary.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What of a command's environment is not meant for an app. {@code --env} still passes any of it. */
final class Inherited {
    /** The service manager means the process it started: sd_notify(3), sd_listen_fds(3). */
    private static final Set<String> OF_SERVICE_MANAGER =
            Set.of("NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID");

    /** Means the process that a Node program started: its channel to it. */
    private static final Set<String> OF_NODE_PARENT = Set.of("NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE");

    /** Set by git for each of its hooks: githooks(5). */
    private static final String IN_HOOK = "GIT_DIR";

    private Inherited() {}

    static Map<String, String> without(Map<String, String> environment) {
        Map<String, String> kept = new LinkedHashMap<>(environment);
        kept.remove(Caller.JVM_SIGNAL);
        kept.keySet().removeAll(OF_SERVICE_MANAGER);
        kept.keySet().removeAll(OF_NODE_PARENT);
        if (environment.containsKey(IN_HOOK)) dropGit(kept);
        return kept;
    }

    /** Another git, run by the app, would take the pushed repository for its own. */
    private static void dropGit(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("GIT_"));
        environment.computeIfPresent("PATH", (_, path) -> withoutGit(path));
    }

    /** git puts the folder of its own parts first. */
    private static String withoutGit(String path) {
        return Arrays.stream(path.split(":", -1)).filter(folder -> !folder.endsWith("/git-core")).collect(Collectors.joining(":"));
    }
}
