package nary.listen;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import nary.posix.Address;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Sockets;

/** A reuseport group by hand: index order of listen, the last moves into a gap, an index out of range falls back to a hash over all. */
final class GroupKernel implements Sockets {
    final List<Integer> order = new ArrayList<>();
    final Map<Integer, Integer> received = new HashMap<>();
    final Set<Integer> hidden = new HashSet<>();
    List<Instruction> program = List.of();
    private final Random random = new Random(7);
    private int last = 100;
    /** Runs between a member's removal and the next attach: where a connection could stray. */
    Runnable afterShutdown = () -> {};

    Fd join() {
        Fd fd = new Fd(++last);
        order.add(fd.number());
        return fd;
    }

    /** A new connection from this source port. @return the descriptor of the listener that got it */
    int connect(int sourcePort) {
        int index = program.isEmpty() ? order.size() : run(sourcePort);
        int chosen = order.get(index < order.size() ? index : random.nextInt(order.size()));
        received.merge(chosen, 1, Integer::sum);
        return chosen;
    }

    private int run(int sourcePort) {
        int a = 0;
        for (int pc = 0; ; pc++) {
            Instruction i = program.get(pc);
            switch (i.code()) {
                case 0x28 -> a = sourcePort;
                case 0x20 -> a = random.nextInt(Integer.MAX_VALUE);
                case 0x94 -> a = Integer.remainderUnsigned(a, i.k());
                case 0x15 -> pc += a == i.k() ? i.jt() : i.jf();
                case 0x06 -> {
                    return i.k();
                }
                default -> throw new IllegalStateException("instruction " + i);
            }
        }
    }

    @Override
    public void steer(Fd member, List<Instruction> newProgram) {
        program = List.copyOf(newProgram);
    }

    @Override
    public void hide(Fd listening) {
        hidden.add(listening.number());
    }

    @Override
    public void shutdown(Fd socket) {
        if (!hidden.contains(socket.number())) throw new AssertionError("it has left its group, and a SYN may still find it");
        int index = order.indexOf(socket.number());
        int moved = order.removeLast();
        if (index < order.size()) order.set(index, moved);
        afterShutdown.run();
    }

    @Override
    public void holdNew(Fd listening) {}

    @Override
    public void close(Fd fd) {}

    @Override
    public Fd copyFrom(Pid process, int theirs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Fd open(Address address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Facts facts(Fd socket) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void share(Fd socket) {}

    @Override
    public void reuseAddress(Fd socket) {}

    @Override
    public boolean isBlocking(Fd socket) {
        return false;
    }

    @Override
    public void block(Fd socket, boolean blocking) {}

    @Override
    public void bind(Fd socket, Address address) {}

    @Override
    public void listen(Fd socket, int backlog) {}

    @Override
    public Queue queue(Fd listening) {
        return new Queue(0, 0);
    }

    @Override
    public Fd holdName(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Holder> holderOfName(String name) {
        return Optional.empty();
    }

    @Override
    public void endWriting(Fd socket) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pair pair() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pair pipe() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pair lastingPipe(int capacity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(Fd fd, byte[] into, int offset, int length) throws OsException {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(Fd fd, ByteBuffer into) throws OsException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Fd> accept(Fd listening) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(Fd fd, byte[] from, int offset, int length) throws OsException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Fd mailbox(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void send(String address, byte[] datagram) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void own(Fd fd, int uid, int gid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long networkNamespace() {
        return 1;
    }
}
