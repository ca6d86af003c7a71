package nary.posix.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nary.posix.SockDiag;

final class SimSockDiag implements SockDiag {
    private final SimKernel kernel;

    SimSockDiag(SimKernel kernel) {
        this.kernel = kernel;
    }

    record Cookie(long number) implements Id {}

    @Override
    public Optional<List<Connection>> again(List<Connection> known) {
        synchronized (kernel) {
            List<Connection> now = kernel.connections.stream().map(SimConnection::seen).filter(java.util.Objects::nonNull).toList();
            return Optional.of(now.stream().filter(one -> known.stream().anyMatch(it -> it.id().equals(one.id()))).toList());
        }
    }

    @Override
    public List<Connection> connections(Set<Integer> localPorts, Set<TcpState> states) {
        synchronized (kernel) {
            List<Connection> all = new ArrayList<>();
            for (SimSocket s : kernel.bound) {
                if (s.listening() && s.address != null)
                    all.add(new Connection(s.address, TcpState.LISTEN, s.inode, s.cookie, s.uid, 0, 0, s.limit, s.queue.size(), 0, 0, SockDiag.NONE));
            }
            kernel.connections.stream().map(SimConnection::seen).filter(java.util.Objects::nonNull).forEach(all::add);
            all.removeIf(connection -> !localPorts.contains(connection.local().port()) || !states.contains(connection.state()));
            return all;
        }
    }
}
