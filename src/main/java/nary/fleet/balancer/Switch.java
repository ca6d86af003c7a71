package nary.fleet.balancer;

import java.util.Optional;
import nary.fleet.Host;

/** A balancer that knows two orders and, perhaps, one answer. */
interface Switch {
    String name();

    void out(Host host) throws BalancerException, InterruptedException;

    void in(Host host) throws BalancerException, InterruptedException;

    /** Whether the order is "in" now; empty if that cannot be asked. Not the same as what the balancer does. */
    Optional<Boolean> isOrderedIn(Host host) throws BalancerException, InterruptedException;

    /** Whether the balancer has the server in rotation; empty if that cannot be asked. */
    Optional<Boolean> isIn(Host host) throws BalancerException, InterruptedException;

    void close();
}
