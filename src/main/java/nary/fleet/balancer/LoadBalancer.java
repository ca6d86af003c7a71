package nary.fleet.balancer;

import java.time.Duration;
import java.util.Optional;
import nary.fleet.Host;

/**
 * A load balancer, or several that must agree ({@link AllOf}). A driver remembers nothing about servers: what was there before is data
 * ({@link Prior}), so that a journal can hold it and another process can restore it. Every call is idempotent, blocks its thread, has a
 * limit, and ends early if its thread is interrupted. Safe for many threads.
 *
 * <p>The order of one server's turn:
 *
 * <pre>
 * prior = remember(host)          journal it
 * pool(host)                      enough others up?
 * drain(host)                     no new requests
 * awaitIdle(host, limit)          none under way
 * hold(host)                      it may be stopped now
 *   … new version, started; isHeld(host) now and then, drain and hold again if not
 * admit(host, limit)              the balancer itself sees it healthy, then sends requests, then says that it is up
 * restore(host, prior, limit)     where the turn fails, after the server is as it was before
 * </pre>
 */
public interface LoadBalancer extends AutoCloseable {
    /** As the configuration names it; for messages and journals. */
    String name();

    /** What the balancer says of the server now. */
    Standing look(Host host) throws BalancerException, InterruptedException;

    /** How many servers beside this one get requests, by the balancer's own view; empty if it cannot be asked. */
    Optional<Pool> pool(Host host) throws BalancerException, InterruptedException;

    /** How the server stands now, for {@link #restore}. To be asked before anything is changed. */
    Prior remember(Host host) throws BalancerException, InterruptedException;

    /** No new requests from now on; those under way finish. Returns when the balancer has taken the order. */
    void drain(Host host) throws BalancerException, InterruptedException;

    /**
     * Waits until the balancer sends nothing and has nothing under way. One that cannot be asked is waited for as long as it is configured
     * to take ({@code waitSeconds}), whatever the limit.
     *
     * @throws BalancerException of kind NOT_IDLE if the limit passes; the message says how much is under way
     */
    void awaitIdle(Host host, Duration limit) throws BalancerException, InterruptedException;

    /** Before the server is stopped: no request whatever, kept connections and sticky sessions included. */
    void hold(Host host) throws BalancerException, InterruptedException;

    /** Whether the order of {@link #drain} or {@link #hold} still stands. A balancer that was reloaded has forgotten it. */
    boolean isHeld(Host host) throws BalancerException, InterruptedException;

    /**
     * Brings the server back, fail-closed: where the balancer can check a server that gets no requests, it must find it healthy first; it must
     * report it up afterwards.
     *
     * @throws BalancerException of kind NOT_HEALTHY if the limit passes; then it gets no requests
     */
    void admit(Host host, Duration limit) throws BalancerException, InterruptedException;

    /**
     * As it was: who was out stays out, who was in is admitted, its weight included. Works also in another process than the one that
     * remembered, and whatever was done in between.
     */
    void restore(Host host, Prior prior, Duration limit) throws BalancerException, InterruptedException;

    /**
     * Its share of new requests, for a canary.
     *
     * @param percent of its configured weight, 0–256
     * @return whether the balancer can do that; if not, nothing is changed
     */
    boolean weigh(Host host, int percent) throws BalancerException, InterruptedException;

    /** Ends what it has opened. Never fails, changes nothing at the balancer. */
    @Override
    void close();
}
