package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Processes.Isolation;
import nary.posix.Processes.Program;

/** One posix_spawn(3). */
final class Spawn implements AutoCloseable {
    private static final int DUPFD_CLOEXEC = 1030;
    private static final int RDWR = 2;
    private static final int SETPGROUP = 0x02;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    /** More than glibc's posix_spawnattr_t (336), posix_spawn_file_actions_t (80) and sigset_t (128) take. */
    private static final int ROOM = 512;

    private final Program program;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment actions = arena.allocate(ROOM, 16);
    private final MemorySegment attributes = arena.allocate(ROOM, 16);
    private final List<Integer> moved = new ArrayList<>();

    private Spawn(Program program) throws OsException {
        this.program = program;
        must(Libc.Fn.POSIX_SPAWN_FILE_ACTIONS_INIT, actions.address());
        must(Libc.Fn.POSIX_SPAWNATTR_INIT, attributes.address());
    }

    /** The pid of the new child. */
    static int run(Program program) throws OsException {
        rejectNul(program);
        try (Spawn spawn = new Spawn(program)) {
            spawn.descriptors();
            spawn.directory();
            spawn.attributes();
            return spawn.start();
        }
    }

    /**
     * The sources move above all targets first, so that no dup2 overwrites one still needed; a gap between the targets is closed one by
     * one, all above them at once.
     */
    private void descriptors() throws OsException {
        Map<Integer, Fd> wanted = new TreeMap<>(program.descriptors());
        int top = wanted.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
        int above = Math.max(top, 2) + 1;
        for (int target = 0; target < above; target++) {
            Fd source = wanted.get(target);
            if (source != null) must(Libc.Fn.POSIX_SPAWN_FILE_ACTIONS_ADDDUP2, actions.address(), moveUp(source, above), target);
            else if (target <= 2) openNull(target);
            else must(Libc.Fn.POSIX_SPAWN_FILE_ACTIONS_ADDCLOSE, actions.address(), target);
        }
        must(Libc.Fn.POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP, actions.address(), above);
    }

    private int moveUp(Fd source, int above) throws OsException {
        int copy = Libc.check(Libc.call(Libc.Fn.FCNTL, source.number(), DUPFD_CLOEXEC, above), "fcntl(F_DUPFD_CLOEXEC)", source);
        moved.add(copy);
        return copy;
    }

    private void openNull(int target) throws OsException {
        long path = arena.allocateFrom("/dev/null").address();
        must(Libc.Fn.POSIX_SPAWN_FILE_ACTIONS_ADDOPEN, actions.address(), target, path, RDWR, 0);
    }

    private void directory() throws OsException {
        long path = arena.allocateFrom(program.directory()).address();
        must(Libc.Fn.POSIX_SPAWN_FILE_ACTIONS_ADDCHDIR_NP, actions.address(), path);
    }

    private void attributes() throws OsException {
        MemorySegment signals = arena.allocate(ROOM, 16);
        Libc.call(Libc.Fn.SIGFILLSET, signals.address());
        must(Libc.Fn.POSIX_SPAWNATTR_SETSIGDEFAULT, attributes.address(), signals.address());
        Libc.call(Libc.Fn.SIGEMPTYSET, signals.address());
        must(Libc.Fn.POSIX_SPAWNATTR_SETSIGMASK, attributes.address(), signals.address());
        must(Libc.Fn.POSIX_SPAWNATTR_SETPGROUP, attributes.address(), 0);
        int isolation = program.isolation() == Isolation.SESSION ? SETSID : SETPGROUP;
        must(Libc.Fn.POSIX_SPAWNATTR_SETFLAGS, attributes.address(), SETSIGDEF | SETSIGMASK | isolation);
    }

    private int start() throws OsException {
        MemorySegment pid = arena.allocate(JAVA_INT);
        List<String> environment = program.environment().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        int error = Libc.call(
                Libc.Fn.POSIX_SPAWN,
                pid.address(),
                arena.allocateFrom(program.path()).address(),
                actions.address(),
                attributes.address(),
                strings(program.arguments()),
                strings(environment));
        if (error != 0) throw new OsException("posix_spawn", error, culprit(error));
        return pid.get(JAVA_INT, 0);
    }

    /** posix_spawn does not say which of its steps failed. */
    private String culprit(int error) {
        Path directory = Path.of(program.directory());
        if (!Files.isDirectory(directory)) return "directory " + program.directory();
        if (!Files.isExecutable(directory)) return "directory " + program.directory() + " (no permission)";
        Path executable = directory.resolve(program.path());
        if (error == Errno.EAGAIN.number()) return program.path() + " (no more processes are allowed: RLIMIT_NPROC, pids.max)";
        boolean isOther = error == Errno.ENOENT.number() && Files.isExecutable(executable);
        return isOther ? program.path() + " (are its interpreter and /dev/null there?)" : program.path();
    }

    private long strings(List<String> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        array.setAtIndex(ADDRESS, strings.size(), MemorySegment.NULL);
        return array.address();
    }

    private static void rejectNul(Program program) throws OsException {
        var texts = new ArrayList<>(program.arguments());
        texts.add(program.path());
        texts.add(program.directory());
        program.environment().forEach((key, value) -> texts.add(key + value));
        for (String text : texts) {
            if (text.indexOf('\0') >= 0) throw new OsException("posix_spawn", Errno.EINVAL.number(), program.path() + " (a NUL character)");
        }
    }

    /** These functions return the error's number. */
    private void must(Libc.Fn function, long... arguments) throws OsException {
        int error = Libc.call(function, arguments);
        if (error != 0) throw new OsException(function.symbol(), error, program.path());
    }

    @Override
    public void close() {
        for (int fd : moved) Libc.call(Libc.Fn.CLOSE, fd);
        Libc.call(Libc.Fn.POSIX_SPAWN_FILE_ACTIONS_DESTROY, actions.address());
        Libc.call(Libc.Fn.POSIX_SPAWNATTR_DESTROY, attributes.address());
        arena.close();
    }
}
