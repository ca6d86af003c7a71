package nary.listen;

import java.util.Optional;
import java.util.Set;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.SockDiag;
import nary.posix.Sockets;

/**
 * Makes sure that an address is nobody else's before the first member binds it: two daemons of one user would silently share a SO_REUSEPORT
 * group and corrupt each other's indexes.
 */
final class AddressClaim {
    private final Posix posix;

    AddressClaim(Posix posix) {
        this.posix = posix;
    }

    /** The claim, to be closed when the group ends; empty where a stranger holds its name. @throws Refusal naming the owner */
    Optional<Fd> claim(Address address) throws Refusal {
        String name = "nary/" + posix.sockets().networkNamespace() + "/" + posix.processes().uid() + "/" + address;
        Optional<Fd> claim = hold(name, address);
        boolean isClaimed = false;
        try {
            probe(address);
            isClaimed = true;
            return claim;
        } finally {
            if (!isClaimed) claim.ifPresent(posix.sockets()::close);
        }
    }

    private Optional<Fd> hold(String name, Address address) throws Refusal {
        try {
            return Optional.of(posix.sockets().holdName(name));
        } catch (OsException e) {
            if (e.errno() != Errno.EADDRINUSE) throw new Refusal(e.number(), e.getMessage());
            Optional<Sockets.Holder> holder = posix.sockets().holderOfName(name).filter(it -> it.uid() == posix.processes().uid());
            // the name is for everybody to take, and a stranger has; whether the address is free is for the probe to tell
            if (holder.isEmpty()) return Optional.empty();
            String owner = holder.get().pid().map(pid -> "nary, pid " + pid).orElse("another nary");
            throw new Refusal(Errno.EADDRINUSE.number(), address + " is already served by " + owner);
        }
    }

    private void probe(Address address) throws Refusal {
        Fd probe = null;
        try {
            probe = posix.sockets().open(address);
            posix.sockets().reuseAddress(probe);
            posix.sockets().bind(probe, address);
        } catch (OsException e) {
            throw new Refusal(e.number(), reason(address, e));
        } finally {
            if (probe != null) posix.sockets().close(probe);
        }
    }

    private String reason(Address address, OsException e) {
        return switch (e.errno()) {
            case EADDRINUSE -> address + " is in use by " + owner(address);
            case EACCES -> "bind " + address + ": EACCES; ports below " + unprivilegedStart()
                    + " need one of: nary start --user NAME as root; AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit; "
                    + "sysctl net.ipv4.ip_unprivileged_port_start=" + address.port() + "; authbind --deep nary start (ports below 512)";
            default -> e.getMessage();
        };
    }

    private static String unprivilegedStart() {
        // in one read: a sysctl has no second part, and no size
        try (var file = new java.io.FileInputStream("/proc/sys/net/ipv4/ip_unprivileged_port_start")) {
            return new String(file.readNBytes(20), java.nio.charset.StandardCharsets.US_ASCII).strip();
        } catch (java.io.IOException e) {
            return "1024";
        }
    }

    private String owner(Address address) {
        try {
            for (var connection : posix.sockDiag().connections(address.port(), Set.of(SockDiag.TcpState.LISTEN))) {
                boolean same = connection.local().ip().equals(address.ip()) || connection.local().overlaps(address);
                if (same) return holder(connection.inode());
            }
        } catch (OsException e) {
            return "another process (" + e.getMessage() + ")";
        }
        return "another process";
    }

    private String holder(long inode) {
        for (var info : posix.processes().table()) {
            Pid pid = info.pid();
            if (posix.processes().socketInodes(pid).contains(inode)) return "pid " + pid + " (" + info.name() + ")";
        }
        return "a process of another user or namespace";
    }
}
