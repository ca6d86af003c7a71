package nary.fleet.balancer;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import nary.config.Durations;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException.Kind;

/** Any balancer that has only a switch: it is given time to notice, or asked until it has noticed. */
final class Switched implements LoadBalancer {
    private static final String ORDER = "order";

    private final Switch orders;
    private final Duration wait;

    /** @param wait how long it takes to notice; at most, where it can be asked */
    Switched(Switch orders, Duration wait) {
        this.orders = orders;
        this.wait = wait;
    }

    @Override
    public String name() {
        return orders.name();
    }

    @Override
    public Standing look(Host host) throws BalancerException, InterruptedException {
        Optional<Boolean> in = orders.isIn(host);
        Optional<Boolean> ordered = orders.isOrderedIn(host).or(() -> in);
        boolean isOut = ordered.filter(it -> !it).isPresent();
        Standing.State state = isOut
                ? in.orElse(false) ? Standing.State.DRAINING : Standing.State.OUT
                : in.map(it -> it ? Standing.State.IN : Standing.State.DOWN).orElse(Standing.State.UNKNOWN);
        return new Standing(state, OptionalInt.empty(), isOut ? "ordered out" : "ordered in", "");
    }

    @Override
    public Optional<Pool> pool(Host host) {
        return Optional.empty();
    }

    @Override
    public Prior remember(Host host) throws BalancerException, InterruptedException {
        return new Prior(Map.of(ORDER, isOrderedIn(host, true) ? "in" : "out"));
    }

    @Override
    public void drain(Host host) throws BalancerException, InterruptedException {
        orders.out(host);
    }

    @Override
    public void awaitIdle(Host host, Duration limit) throws BalancerException, InterruptedException {
        awaitIn(host, false, wait.compareTo(limit) > 0 ? wait : limit, Kind.NOT_IDLE);
    }

    /** Nothing stricter than out. */
    @Override
    public void hold(Host host) throws BalancerException, InterruptedException {
        if (isOrderedIn(host, true)) orders.out(host);
    }

    @Override
    public boolean isHeld(Host host) throws BalancerException, InterruptedException {
        return !isOrderedIn(host, false);
    }

    @Override
    public void admit(Host host, Duration limit) throws BalancerException, InterruptedException {
        orders.in(host);
        try {
            awaitIn(host, true, wait.compareTo(limit) > 0 ? wait : limit, Kind.NOT_HEALTHY);
        } catch (BalancerException e) {
            if (e.kind() == Kind.NOT_HEALTHY) orders.out(host);
            throw e;
        }
    }

    @Override
    public void restore(Host host, Prior prior, Duration limit) throws BalancerException, InterruptedException {
        if (prior.facts().getOrDefault(ORDER, "in").equals("in")) admit(host, limit);
        else drain(host);
    }

    private boolean isOrderedIn(Host host, boolean otherwise) throws BalancerException, InterruptedException {
        Optional<Boolean> ordered = orders.isOrderedIn(host);
        return ordered.isPresent() ? ordered.get() : orders.isIn(host).orElse(otherwise);
    }

    private void awaitIn(Host host, boolean isWanted, Duration limit, Kind otherwise) throws BalancerException, InterruptedException {
        Pause pause = Pause.until(limit);
        while (true) {
            Optional<Boolean> in = orders.isIn(host);
            if (in.isEmpty()) {
                Thread.sleep(wait);
                return;
            }
            if (in.get() == isWanted) return;
            if (pause.isOver())
                throw new BalancerException(otherwise, name() + ": " + host.name() + " is " + (isWanted ? "not in" : "still in") + " rotation after " + Durations.text(limit));
            pause.rest();
        }
    }

    @Override
    public boolean weigh(Host host, int percent) {
        return false;
    }

    @Override
    public void close() {
        orders.close();
    }
}
