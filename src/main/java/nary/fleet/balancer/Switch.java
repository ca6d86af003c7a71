package nary.fleet.balancer;

import java.util.Optional;
import nary.fleet.Host;

/** A balancer that knows two orders and, perhaps, one answer. */
interface Switch {
    String name();

    void out(Host host) throws BalancerException, InterruptedException;

    void in(Host host) throws BalancerException, InterruptedException;

    /** Whether the order is "in" now, which is not the same as what the balancer does; empty if only {@link #isIn} can be asked. */
    default Optional<Boolean> isOrderedIn(Host host) throws BalancerException, InterruptedException {
        return Optional.empty();
    }

    /** Whether the balancer has the server in rotation; empty if that cannot be asked. */
    Optional<Boolean> isIn(Host host) throws BalancerException, InterruptedException;

    void close();
}
