package nary.fleet.plan;

import java.util.Optional;

/** One simulated server, as it is, whatever a deployer believes. */
final class Server {
    final String name;
    boolean isAlive = true;
    /** The release that serves; null: nothing runs. */
    String running;

    String current;
    boolean isAdmitted = true;
    /** Its app is broken by itself, whatever the release. */
    boolean isBroken;

    final boolean wasAdmitted;
    final Optional<String> first;

    Server(String name, Optional<String> release, boolean isAdmitted) {
        this.name = name;
        this.running = release.orElse(null);
        this.current = running;
        this.isAdmitted = isAdmitted;
        this.wasAdmitted = isAdmitted;
        this.first = release;
    }

    /** The balancers send it requests. */
    boolean isUp() {
        return isAlive && isAdmitted && running != null && !isBroken;
    }
}
