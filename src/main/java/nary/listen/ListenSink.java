package nary.listen;

import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Fd;

/** Told what workers do with their listeners; called under the lock of {@link Listeners}: it only posts. */
public interface ListenSink {

    void listening(WorkerId worker, Address address);

    void refused(WorkerId worker, String reason);

    /** Watch this listener for hang-up; {@link Listeners#hungUp} when it comes. */
    void watch(Fd listener, long cookie);

    /** It accepts nothing any more: it has ended, or hangs. May be asked from any thread. */
    boolean leavesQueue(WorkerId worker);

    /** Something went wrong that hurts no worker; one line for the event log. */
    void trouble(String text);

    /** About to be closed; may be said more than once. */
    void unwatch(Fd listener);
}
