package nary.listen;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nary.id.WorkerId;

/** Who takes over whose listening sockets. Guarded by the lock of {@link Listeners}. */
final class Heirs {
    private final Map<WorkerId, Set<WorkerId>> ancestors = new HashMap<>();

    void put(WorkerId heir, Set<WorkerId> itsAncestors) {
        ancestors.put(heir, Set.copyOf(itsAncestors));
    }

    void forget(WorkerId heir) {
        ancestors.remove(heir);
    }

    /** The socket, queue and all, that the heir gets for this address. */
    Optional<Member> inherited(ListenerGroup group, WorkerId heir) {
        Set<WorkerId> its = ancestors.getOrDefault(heir, Set.of());
        return group.members().stream().filter(m -> !m.freed && its.contains(m.owner)).findFirst();
    }
}
