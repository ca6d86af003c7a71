package nary.fleet.roll;

import java.time.Duration;
import java.util.function.Consumer;
import nary.fleet.Host;
import nary.fleet.balancer.BalancerException;
import nary.fleet.balancer.LoadBalancer;

/** Watches over one server that is out of rotation: a balancer that was reloaded has forgotten the order, and is told again. */
final class Vigil implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    private final LoadBalancer balancer;
    private final Host host;
    private final Consumer<String> log;
    private final Thread thread;
    private boolean isHeld;

    Vigil(LoadBalancer balancer, Host host, Consumer<String> log) {
        this.balancer = balancer;
        this.host = host;
        this.log = log;
        this.thread = Thread.ofVirtual().name("vigil over " + host.name()).unstarted(this::watch);
    }

    void begin() {
        thread.start();
    }

    /** From now on it gets no request whatever. */
    synchronized void hold() throws BalancerException, InterruptedException {
        balancer.hold(host);
        isHeld = true;
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                look();
            }
        } catch (InterruptedException over) {
            // it goes back into rotation
        }
    }

    private synchronized void look() throws InterruptedException {
        try {
            if (balancer.isHeld(host)) return;
            balancer.drain(host);
            if (isHeld) balancer.hold(host);
            log.accept(balancer.name() + " had forgotten that it is out (a reload?), and was told again");
        } catch (BalancerException e) {
            log.accept("whether it is still out of rotation is not known: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(END_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
