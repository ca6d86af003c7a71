package nary.posix.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import org.jspecify.annotations.Nullable;

/** All state of the simulated machine; whoever touches it holds its monitor, and notifies after a change. */
final class SimKernel {
    static final int SELF = 100;
    static final int SOMAXCONN = 4096;

    final Random random;
    final int uid;
    final TreeMap<Integer, SimFile> descriptors = new TreeMap<>();
    final TreeMap<Integer, SimProcess> processes = new TreeMap<>();
    final Map<String, SimProgram> programs = new HashMap<>();
    final Set<String> directories = new HashSet<>(Set.of("/"));
    final Map<Address, Group> groups = new HashMap<>();
    final Set<SimSocket> bound = new java.util.LinkedHashSet<>();
    final Map<String, SimFile.Name> names = new HashMap<>();
    final Map<String, java.util.Queue<byte[]>> mailboxes = new HashMap<>();
    final List<SimConnection> connections = new ArrayList<>();
    final SimFile.@Nullable Listener[] filter = new SimFile.Listener[1];
    private int nextPid = SELF + 1;
    private int nextPort = 40_000;
    private long nextInode = 1000;
    boolean subreaper;

    SimKernel(int uid, long seed) {
        this.uid = uid;
        this.random = new Random(seed);
    }

    long inode() {
        return nextInode++;
    }

    int pid() {
        return nextPid++;
    }

    int port() {
        return nextPort++;
    }

    Fd install(SimFile file) {
        int number = lowest(descriptors);
        descriptors.put(number, file);
        file.references++;
        return new Fd(number);
    }

    static int lowest(Map<Integer, SimFile> table) {
        int number = 3;
        while (table.containsKey(number)) number++;
        return number;
    }

    SimFile file(Fd fd, String call) throws OsException {
        SimFile file = descriptors.get(fd.number());
        if (file == null) throw new OsException(call, Errno.EBADF.number(), fd.toString());
        return file;
    }

    SimSocket socket(Fd fd, String call) throws OsException {
        if (file(fd, call) instanceof SimSocket socket) return socket;
        throw new OsException(call, Errno.ENOTSOCK.number(), fd.toString());
    }

    void close(@Nullable SimFile file) {
        if (file == null) return;
        if (--file.references == 0) file.release();
        notifyAll();
    }

    /** A process that ended: its children move up, its descriptors close. */
    void ended(SimProcess process) {
        for (SimProcess other : processes.values()) if (other.parent == process.pid) other.parent = subreaper ? SELF : 1;
        process.descriptors.values().forEach(this::close);
        process.descriptors.clear();
        notifyAll();
    }
}
