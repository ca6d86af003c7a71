package nary.listen;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Posix;
import org.jspecify.annotations.Nullable;

/** The groups by their address. Guarded by the lock of {@link Listeners}. */
final class Groups {
    private final Posix posix;
    private final ListenSink sink;
    private final AddressClaim claims;
    private final Map<Address, ListenerGroup> groups = new TreeMap<>();

    Groups(Posix posix, ListenSink sink) {
        this.posix = posix;
        this.sink = sink;
        this.claims = new AddressClaim(posix);
    }

    Collection<ListenerGroup> all() {
        return groups.values();
    }

    @Nullable ListenerGroup find(Address address) {
        return groups.get(address);
    }

    /** Made, and the address claimed, if it is the first one there. */
    ListenerGroup of(Address address) throws Refusal {
        ListenerGroup group = groups.get(address);
        if (group == null) {
            group = new ListenerGroup(address, posix.sockets(), claims.claim(address));
            groups.put(address, group);
        }
        return group;
    }

    void refuseOverlap(WorkerId worker, Address address) throws Refusal {
        for (ListenerGroup group : groups.values()) group.refuseOverlap(worker, address);
    }

    Map<WorkerId, List<Listening>> listening() throws OsException {
        Map<WorkerId, List<Listening>> byWorker = new HashMap<>();
        for (ListenerGroup group : groups.values()) {
            for (Member member : group.members()) {
                if (member.freed) continue;
                byWorker.computeIfAbsent(member.owner, w -> new ArrayList<>()).add(new Listening(group.address, posix.sockets().queue(member.fd)));
            }
        }
        return byWorker;
    }

    List<Fd> socketsOf(WorkerId owner) {
        return groups.values().stream()
                .flatMap(group -> group.members().stream())
                .filter(it -> it.owner.equals(owner) && !it.freed)
                .map(it -> it.fd)
                .toList();
    }

    Set<Integer> ports() {
        Set<Integer> ports = new TreeSet<>();
        groups.keySet().forEach(address -> ports.add(address.port()));
        return ports;
    }

    /** What was freed leaves, where it can. */
    void sweep(ListenerGroup group, Set<WorkerId> serving) {
        group.members().stream().filter(m -> m.freed).forEach(m -> sink.unwatch(m.fd));
        try {
            group.sweep(serving);
        } catch (OsException e) {
            // the socket was already shut down by the app, or the program was refused: the next change sweeps again
            sink.trouble("removing a listener of " + group.address + ": " + e.getMessage());
        }
    }

    void dropEmpty() {
        groups.values().removeIf(group -> {
            if (group.isEmpty()) group.releaseClaim();
            return group.isEmpty();
        });
    }
}
