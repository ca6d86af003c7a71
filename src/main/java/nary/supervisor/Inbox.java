package nary.supervisor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import nary.posix.Poll;

/**
 * What other threads tell the supervisor. Clients' requests are bounded; what the OS and the workers say is bounded by what runs and is
 * never turned away.
 */
final class Inbox {
    private static final int MAX_REQUESTS = 1_000;

    private final Queue<Runnable> facts = new ArrayDeque<>();
    private final Queue<Runnable> requests = new ArrayDeque<>();
    private final Poll poll;

    Inbox(Poll poll) {
        this.poll = poll;
    }

    void fact(Runnable task) {
        synchronized (this) {
            facts.add(task);
        }
        poll.wake();
    }

    /** @return false if too many requests wait already */
    boolean request(Runnable task) {
        synchronized (this) {
            if (requests.size() >= MAX_REQUESTS) return false;
            requests.add(task);
        }
        poll.wake();
        return true;
    }

    synchronized List<Runnable> takeAll() {
        List<Runnable> all = new ArrayList<>(facts);
        all.addAll(requests);
        facts.clear();
        requests.clear();
        return all;
    }
}
