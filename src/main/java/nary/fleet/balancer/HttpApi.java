package nary.fleet.balancer;

import java.util.Optional;
import nary.fleet.Host;

/** Any balancer with an API over HTTP. */
record HttpApi(BalancerSpec.Http spec, Calls calls) implements Switch {

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public void out(Host host) throws BalancerException, InterruptedException {
        calls.make(spec.out(), host);
    }

    @Override
    public void in(Host host) throws BalancerException, InterruptedException {
        calls.make(spec.in(), host);
    }

    @Override
    public Optional<Boolean> isIn(Host host) throws BalancerException, InterruptedException {
        return spec.probe().isPresent() ? Optional.of(calls.holds(spec.probe().get(), host)) : Optional.empty();
    }

    @Override
    public void close() {
        calls.close();
    }
}
