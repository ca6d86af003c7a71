package nary.worker;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import nary.config.Durations;
import nary.config.Readiness;
import nary.posix.Address;

/**
 * What is asked of a booting worker before it counts as ready.
 *
 * @param served the addresses it must listen on; empty where none is known yet
 * @param ports the only ports that count; empty: all
 */
public record Asked(Readiness readiness, SortedSet<Address> served, List<Integer> ports) {

    public boolean isMetBy(Signs signs) {
        return switch (readiness) {
            case Readiness.Listen() -> listens(signs);
            case Readiness.Online(), Readiness.Notify() -> signs.online() && (served.isEmpty() || listens(signs));
            case Readiness.Http(String path) -> signs.probed() && listens(signs);
            case Readiness.Delay(var delay) -> signs.waited() && (listens(signs) || served.isEmpty() && signs.listening().isEmpty());
        };
    }

    /** True when it is time to probe it over HTTP. */
    public boolean wantsProbe(Signs signs) {
        return readiness instanceof Readiness.Http && !signs.probing() && listens(signs);
    }

    /** True while a worker listens on loopback addresses only and none is asked for: a debugger's or admin port often comes first. */
    public boolean wantsPatience(Signs signs) {
        boolean byListening = readiness instanceof Readiness.Listen || readiness instanceof Readiness.Http;
        return byListening && served.isEmpty() && ports.isEmpty() && !signs.waited() && !signs.listening().isEmpty() && !listens(signs);
    }

    private boolean listens(Signs signs) {
        if (!served.isEmpty()) return signs.listening().containsAll(served);
        if (!ports.isEmpty()) return ports.stream().allMatch(port -> signs.listening().stream().anyMatch(a -> a.port() == port));
        return signs.listening().stream().anyMatch(a -> !a.isLoopback()) || signs.waited() && !signs.listening().isEmpty();
    }

    /** Why a worker with these signs is not ready; continues "worker 2.0 …". */
    public String missing(Signs signs) {
        return switch (readiness) {
            case Readiness.Listen() -> missingAddress(signs);
            case Readiness.Online() -> signs.online() ? missingAddress(signs) : "it never said 'online'";
            case Readiness.Notify() -> signs.online() ? missingAddress(signs) : "it never said READY=1";
            case Readiness.Http(String path) -> listens(signs) ? "GET " + path + " never answered 200 to 399" : missingAddress(signs);
            case Readiness.Delay(var delay) -> signs.waited() ? missingAddress(signs) : "it has not lived " + Durations.text(delay) + " yet";
        };
    }

    private String missingAddress(Signs signs) {
        String is = signs.listening().isEmpty() ? "it listens on nothing" : "it listens on " + list(signs.listening());
        if (!served.isEmpty()) return is + ", but the serving generation on " + list(served);
        if (!ports.isEmpty()) return is + ", but should on port " + list(ports);
        return is;
    }

    private static String list(Collection<?> things) {
        return things.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
