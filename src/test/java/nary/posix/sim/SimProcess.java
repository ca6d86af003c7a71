package nary.posix.sim;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.Processes.Exit;
import nary.posix.Processes.Program;
import nary.posix.Seccomp.Call;
import nary.posix.Seccomp.Notification;
import org.jspecify.annotations.Nullable;

/** A simulated process, as seen by the program that runs in it. */
public final class SimProcess {
    private static final java.util.Set<Integer> IGNORED = java.util.Set.of(0, 17, 18, 23, 28);
    private static final int STOP = 19;

    private final SimKernel kernel;
    final int pid;
    final int group;
    final int session;
    int parent = SimKernel.SELF;
    char state = 'S';
    int niceness;
    final Program program;
    final TreeMap<Integer, SimFile> descriptors = new TreeMap<>();
    final Map<Long, byte[]> memory = new HashMap<>();
    final SimFile.@Nullable Listener filter;
    final Map<Long, IntConsumer> pending = new HashMap<>();
    @Nullable Exit exit;
    boolean reaped;
    private @Nullable IntConsumer signalHandler;

    SimProcess(SimKernel kernel, int pid, int session, Program program) {
        this.kernel = kernel;
        this.pid = pid;
        this.group = pid;
        this.session = session;
        this.program = program;
        this.filter = kernel.filter[0];
    }

    public int pid() {
        return pid;
    }

    public Program program() {
        return program;
    }

    public boolean hasEnded() {
        return exit != null;
    }

    public void exit(int code) {
        synchronized (kernel) {
            end(new Exit.Exited(code));
        }
    }

    public void onSignal(IntConsumer handler) {
        signalHandler = handler;
    }

    void signal(int signal) {
        if (exit != null || IGNORED.contains(signal)) return;
        if (signal == STOP) state = 'T';
        else if (signal != nary.posix.Signals.KILL && signalHandler != null) signalHandler.accept(signal);
        else end(new Exit.Killed(signal));
    }

    private void end(Exit how) {
        if (exit != null) return;
        exit = how;
        state = 'Z';
        pending.clear();
        kernel.ended(this);
    }

    /** All of it fits, or it is lost: programs here write little. */
    public void write(int descriptor, String text) {
        synchronized (kernel) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            SimFile.Channel out = descriptors.get(descriptor) instanceof SimFile.Stream stream ? stream.out : null;
            if (out != null) out.write(bytes, 0, bytes.length);
            kernel.notifyAll();
        }
    }

    /** Called with what has arrived, each time something arrives. */
    public void onInput(int descriptor, Consumer<String> reader) {
        synchronized (kernel) {
            if (!(descriptors.get(descriptor) instanceof SimFile.Stream stream) || stream.in == null) return;
            SimFile.Channel in = stream.in;
            in.onData = () -> {
                byte[] buffer = new byte[in.size()];
                int count = in.read(buffer, 0, buffer.length);
                if (count > 0) reader.accept(new String(buffer, 0, count, StandardCharsets.UTF_8));
            };
            if (in.size() > 0) in.onData.run();
        }
    }

    /** A new TCP socket; the number of its descriptor. */
    public int socket(boolean six) {
        synchronized (kernel) {
            SimSocket socket = new SimSocket(kernel);
            socket.six = six;
            socket.references = 1;
            int number = SimKernel.lowest(descriptors);
            descriptors.put(number, socket);
            return number;
        }
    }

    /** bind(2); the result (0 or an errno) comes when the supervisor has answered, at once without a filter. */
    public void bind(int descriptor, Address address, IntConsumer result) {
        synchronized (kernel) {
            byte[] raw = sockaddr(address);
            long pointer = 0x7000_0000L + kernel.inode() * 64;
            memory.put(pointer, raw);
            ask(Call.BIND, descriptor, pointer, raw.length, 0, result, () -> socket(descriptor).bind(address));
        }
    }

    /** listen(2), as {@link #bind}. */
    public void listen(int descriptor, int backlog, IntConsumer result) {
        synchronized (kernel) {
            ask(Call.LISTEN, descriptor, 0, 0, backlog, result, () -> socket(descriptor).listen(backlog));
        }
    }

    /** The oldest connection in the queue, now open in this process; null if there is none. */
    public @Nullable SimConnection accept(int descriptor) {
        synchronized (kernel) {
            SimConnection connection = ((SimSocket) descriptors.get(descriptor)).queue.poll();
            if (connection == null) return null;
            connection.accepted();
            connection.references = 1;
            descriptors.put(SimKernel.lowest(descriptors), connection);
            return connection;
        }
    }

    /** An orderly end: the client is not reset. */
    public void close(SimConnection connection) {
        synchronized (kernel) {
            if (!descriptors.values().remove(connection)) return;
            connection.closeByServer();
            kernel.close(connection);
        }
    }

    interface Kernel {
        void perform() throws OsException;
    }

    private void ask(Call call, int descriptor, long pointer, int length, int backlog, IntConsumer result, Kernel kernelDoes) {
        IntConsumer conclude = answer -> result.accept(answer >= 0 ? answer : errno(kernelDoes));
        if (filter == null) {
            conclude.accept(LET_THROUGH);
            kernel.notifyAll();
            return;
        }
        if (filter.closed) {
            result.accept(Errno.ENOSYS.number());
            return;
        }
        long id = kernel.inode();
        pending.put(id, conclude);
        filter.waiting.add(new Notification(id, pid, call, descriptor, pointer, length, backlog));
        kernel.notifyAll();
    }

    static final int LET_THROUGH = -1;

    private static int errno(Kernel kernelDoes) {
        try {
            kernelDoes.perform();
            return 0;
        } catch (OsException e) {
            return e.number();
        }
    }

    private SimSocket socket(int descriptor) throws OsException {
        if (descriptors.get(descriptor) instanceof SimSocket socket) return socket;
        throw new OsException("bind", Errno.ENOTSOCK.number(), "descriptor " + descriptor);
    }

    private static byte[] sockaddr(Address address) {
        byte[] raw = new byte[address.isV6() ? 28 : 16];
        raw[0] = (byte) (address.isV6() ? 10 : 2);
        raw[2] = (byte) (address.port() >> 8);
        raw[3] = (byte) address.port();
        System.arraycopy(address.bytes(), 0, raw, address.isV6() ? 8 : 4, address.bytes().length);
        return raw;
    }
}
