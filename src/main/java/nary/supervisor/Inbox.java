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
    private boolean closed;

    Inbox(Poll poll) {
        this.poll = poll;
    }

    void fact(Runnable task) {
        synchronized (this) {
            if (closed) return;
            facts.add(task);
        }
        poll.wake();
    }

    /** @return false if too many requests wait already, or nobody takes them any more */
    boolean request(Runnable task) {
        synchronized (this) {
            if (closed || requests.size() >= MAX_REQUESTS) return false;
            requests.add(task);
        }
        poll.wake();
        return true;
    }

    /** Takes nothing more. @return what was still waiting */
    synchronized List<Runnable> close() {
        closed = true;
        return takeAll();
    }

    synchronized List<Runnable> takeAll() {
        List<Runnable> all = new ArrayList<>(facts);
        all.addAll(requests);
        facts.clear();
        requests.clear();
        return all;
    }
}
