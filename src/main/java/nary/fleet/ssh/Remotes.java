package nary.fleet.ssh;

import nary.fleet.Host;

/** The servers of one run. Asked twice for the same host it gives the same link; connecting happens at the first use. */
public interface Remotes extends AutoCloseable {
    Remote to(Host host);

    /** Ends all links. Never fails. */
    @Override
    void close();
}
