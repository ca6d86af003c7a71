package nary.fleet.balancer;

import java.time.Duration;
import java.util.function.Consumer;
import nary.fleet.Host;

/**
 * Keeps a server out of rotation while it is open: a balancer that was reloaded has forgotten that it was taken out, and would send requests
 * to a server that is being changed. It looks now and then, and gives the order again.
 */
public final class Guard implements AutoCloseable {
    /** How often it looks unless told otherwise. */
    public static final Duration EVERY = Duration.ofMillis(250);

    /** A balancer that takes long to answer, or a machine that has many to ask, is not asked all the time. */
    private static final int RESTS_PER_LOOK = 9;

    private final Thread thread;

    private Guard(Thread thread) {
        this.thread = thread;
    }

    /** @param tell is told in one line of each order that was given again, and once when the balancer cannot be asked */
    public static Guard of(LoadBalancer balancer, Host host, Duration every, Consumer<String> tell) {
        return new Guard(Thread.ofVirtual().name("guard " + host.name()).start(() -> watch(balancer, host, every, tell)));
    }

    private static void watch(LoadBalancer balancer, Host host, Duration every, Consumer<String> tell) {
        boolean isUnheard = false;
        String instance = "";
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long began = System.nanoTime();
                try {
                    String now = balancer.look(host).instance();
                    boolean isOther = !instance.isEmpty() && !now.equals(instance);
                    instance = now;
                    isUnheard = false;
                    if (!balancer.isHeld(host)) {
                        balancer.drain(host);
                        balancer.hold(host);
                        tell.accept(balancer.name() + " had " + host.name() + " in rotation again" + (isOther ? " (it was reloaded: " + now + ")" : "") + ": taken out");
                    }
                } catch (BalancerException e) {
                    if (!isUnheard) tell.accept("cannot see whether " + host.name() + " stays out: " + e.getMessage());
                    isUnheard = true;
                }
                Duration rest = Duration.ofNanos(System.nanoTime() - began).multipliedBy(RESTS_PER_LOOK);
                Thread.sleep(rest.compareTo(every) > 0 ? rest : every);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when it has ended: no order of it comes after that. */
    @Override
    public void close() {
        thread.interrupt();
        boolean isInterrupted = Thread.interrupted();
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) Thread.currentThread().interrupt();
    }
}
