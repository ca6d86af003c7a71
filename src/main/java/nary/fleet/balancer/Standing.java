package nary.fleet.balancer;

import java.util.OptionalInt;

/**
 * How a server stands with a balancer.
 *
 * @param connections that it has under way to the server; empty if it does not say
 * @param text in the balancer's own words, e.g. {@code UP L7OK}
 * @param instance which process of the balancer says so; another one than before means that it was restarted or reloaded. Empty if it does not tell
 */
public record Standing(State state, OptionalInt connections, String text, String instance) {
    public enum State {
        /** Gets new requests. */
        IN,
        /** Gets no new ones by order; what is under way finishes. */
        DRAINING,
        /** Gets none by order. */
        OUT,
        /** Would get some, but its checks fail. */
        DOWN,
        /** The balancer cannot be asked. */
        UNKNOWN
    }
}
