package nary.fleet.balancer;

import java.util.List;

/**
 * The servers beside one, by the balancer's own view. With several balancers or pools: of the one that has the fewest up.
 *
 * @param up others that get requests now
 * @param total others that there are
 * @param missing those that get none, and why, as far as it is known: {@code server1 is DOWN L4CON}
 */
public record Pool(int up, int total, List<String> missing) {
    public Pool {
        missing = List.copyOf(missing);
    }

    /** Of which nothing else is known. */
    public Pool(int up, int total) {
        this(up, total, List.of());
    }

    /** {@code 1 of the 2 other servers up: server1 is DOWN L4CON}. */
    public String text() {
        return up + " of the " + total + " other servers up" + (missing.isEmpty() ? "" : ": " + String.join(", ", missing));
    }
}
