package nary.posix.sim;

import java.net.ConnectException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import nary.posix.Address;
import nary.posix.Poll;
import nary.posix.Posix;
import nary.posix.Processes;
import nary.posix.Seccomp;
import nary.posix.SockDiag;
import nary.posix.Sockets;
import nary.posix.Users;

/**
 * A machine on which nary's process is pid 100. Programs are installed by path and run when they are spawned or signalled; all calls
 * are safe from any thread.
 */
public final class SimPosix implements Posix {
    private final SimKernel kernel;

    /** @param seed of what the kernel leaves to chance: the hash over a group, and {@code ld #random} */
    public SimPosix(int uid, long seed) {
        this.kernel = new SimKernel(uid, seed);
    }

    public SimPosix install(String path, SimProgram program) {
        synchronized (kernel) {
            kernel.programs.put(path, program);
            return this;
        }
    }

    public SimPosix makeDirectory(String path) {
        synchronized (kernel) {
            kernel.directories.add(path);
            return this;
        }
    }

    /** Somebody receives datagrams here from now on. @param room how many may wait */
    public java.util.Queue<byte[]> mailbox(String address, int room) {
        synchronized (kernel) {
            var mailbox = new java.util.concurrent.ArrayBlockingQueue<byte[]>(room);
            kernel.mailboxes.put(address, mailbox);
            return mailbox;
        }
    }

    public int freePort() {
        synchronized (kernel) {
            return kernel.port();
        }
    }

    /** A running or unreaped process. */
    public Optional<SimProcess> process(nary.posix.Pid pid) {
        synchronized (kernel) {
            return Optional.ofNullable(kernel.processes.get(pid.number()));
        }
    }

    public SimConnection connect(Address address) throws ConnectException {
        return connect(address, freePort());
    }

    /** @throws ConnectException if nobody listens, or the queue of the chosen member is full */
    public SimConnection connect(Address address, int sourcePort) throws ConnectException {
        synchronized (kernel) {
            Group group = groupFor(address).filter(it -> it.members.stream().anyMatch(each -> !each.isHidden)).orElseThrow(() -> new ConnectException("refused: " + address));
            SimSocket member = group.choose(sourcePort, kernel.random);
            if (member.holdsNew) throw new ConnectException("timed out, the listener is on hold: " + address);
            if (member.queue.size() > member.limit) throw new ConnectException("timed out, the queue is full: " + address);
            SimConnection connection = new SimConnection(kernel, address, member.uid);
            member.queue.add(connection);
            kernel.connections.add(connection);
            kernel.notifyAll();
            return connection;
        }
    }

    /** The most specific one. */
    private Optional<Group> groupFor(Address address) {
        int port = address.port();
        String wildcard = address.isV6() ? "::" : "0.0.0.0";
        return List.of(
                        new Address(address.ip(), port, false),
                        new Address(address.ip(), port, true),
                        new Address(wildcard, port, false),
                        new Address(wildcard, port, true),
                        new Address("::", port, false))
                .stream()
                .map(kernel.groups::get)
                .filter(Objects::nonNull)
                .findFirst();
    }

    @Override
    public Processes processes() {
        return new SimProcesses(kernel);
    }

    @Override
    public Sockets sockets() {
        return new SimSockets(kernel);
    }

    @Override
    public Seccomp seccomp() {
        return new SimSeccomp(kernel);
    }

    @Override
    public SockDiag sockDiag() {
        return new SimSockDiag(kernel);
    }

    @Override
    public Users users() {
        return new SimUsers(kernel);
    }

    @Override
    public Poll newPoll() {
        return new SimPoll(kernel);
    }
}
