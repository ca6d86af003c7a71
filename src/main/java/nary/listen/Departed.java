package nary.listen;

import java.util.LinkedHashSet;
import java.util.Set;
import nary.id.WorkerId;

/** The latest workers that were given up: a call of theirs that is still being answered must not leave anything. */
final class Departed {
    private static final int MOST = 1000;

    private final Set<WorkerId> workers = new LinkedHashSet<>();

    void add(WorkerId worker) {
        workers.add(worker);
        if (workers.size() > MOST) workers.remove(workers.iterator().next());
    }

    boolean contains(WorkerId worker) {
        return workers.contains(worker);
    }
}
