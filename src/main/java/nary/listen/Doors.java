package nary.listen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nary.id.WorkerId;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.Posix;

/** Listeners at which new connections wait outside, in their clients' SYN retries. Guarded by the lock of {@link Listeners}. */
final class Doors {
    /** The owner of listeners that nobody accepts from. */
    static final WorkerId NOBODY = new WorkerId(0, 0, 0);

    private final Posix posix;
    private final Map<WorkerId, List<Plug>> plugs = new HashMap<>();

    Doors(Posix posix) {
        this.posix = posix;
    }

    /** False where this user may not: newer kernels ask for CAP_NET_ADMIN. */
    boolean close(Member member) throws OsException {
        try {
            posix.sockets().holdNew(member.fd);
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.EPERM) return false;
            throw e;
        }
    }

    /** Closes it without privileges. Nobody may be accepting from it. */
    void plug(ListenerGroup group, Member member, Set<WorkerId> serving) throws OsException {
        posix.sockets().listen(member.fd, 0);
        List<Integer> ports = new ArrayList<>();
        try {
            Plug plug = Plug.into(group.address, port -> {
                ports.add(port);
                group.probe(port, member.owner, serving);
            });
            plugs.computeIfAbsent(member.owner, _ -> new ArrayList<>()).add(plug);
        } finally {
            for (int port : ports) group.endProbe(port, serving);
        }
    }

    void free(WorkerId owner) {
        List<Plug> its = plugs.remove(owner);
        if (its != null) its.forEach(Plug::close);
    }

    void freeAll() {
        List.copyOf(plugs.keySet()).forEach(this::free);
    }
}
