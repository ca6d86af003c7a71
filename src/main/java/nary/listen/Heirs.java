package nary.listen;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import nary.id.WorkerId;

/** Who takes over whose listening sockets. Guarded by the lock of {@link Listeners}. */
final class Heirs {
    private final Map<WorkerId, Set<WorkerId>> ancestors = new HashMap<>();
    private final OpenSockets open;
    private final Predicate<WorkerId> leavesQueue;

    /** @param leavesQueue the worker accepts nothing any more */
    Heirs(OpenSockets open, Predicate<WorkerId> leavesQueue) {
        this.open = open;
        this.leavesQueue = leavesQueue;
    }

    void put(WorkerId heir, Set<WorkerId> itsAncestors) {
        ancestors.put(heir, Set.copyOf(itsAncestors));
    }

    void forget(WorkerId heir) {
        ancestors.remove(heir);
    }

    /** The socket, queue and all, that the heir gets for this address; a live worker that goes on accepting from its own keeps it. */
    Optional<Member> inherited(ListenerGroup group, WorkerId heir) {
        Set<WorkerId> its = ancestors.getOrDefault(heir, Set.of());
        return group.members().stream().filter(m -> !m.freed && its.contains(m.owner) && isLeft(m)).findFirst();
    }

    private boolean isLeft(Member member) {
        return leavesQueue.test(member.owner) || !open.of(member.owner).contains(member.inode);
    }
}
