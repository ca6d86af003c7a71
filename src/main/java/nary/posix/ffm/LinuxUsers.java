package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.Users;

/** glibc's name service; struct passwd and struct group as on x86-64 and aarch64. */
final class LinuxUsers implements Users {
    private static final int ERANGE = 34;
    private static final int FIRST_ROOM = 4096;
    private static final int MOST_ROOM = 1 << 22;
    private static final int STRUCT = 64;
    private static final int MOST_GROUPS = 65_536;

    @Override
    public Optional<Account> account(String name) throws OsException {
        return find(Libc.Fn.GETPWNAM_R, "user " + name, arena -> arena.allocateFrom(name).address(), LinuxUsers::account);
    }

    @Override
    public Optional<Account> account(int uid) throws OsException {
        return find(Libc.Fn.GETPWUID_R, "uid " + uid, _ -> (long) uid, LinuxUsers::account);
    }

    /** pw_name 0, pw_uid 16, pw_gid 20, pw_dir 32, pw_shell 40. */
    private static Account account(MemorySegment passwd) {
        return new Account(text(passwd, 0), passwd.get(JAVA_INT, 16), passwd.get(JAVA_INT, 20), text(passwd, 32), text(passwd, 40));
    }

    private static String text(MemorySegment struct, long offset) {
        return struct.get(ADDRESS, offset).reinterpret(Integer.MAX_VALUE).getString(0);
    }

    @Override
    public Optional<Integer> group(String name) throws OsException {
        return find(Libc.Fn.GETGRNAM_R, "group " + name, arena -> arena.allocateFrom(name).address(), group -> group.get(JAVA_INT, 16));
    }

    /** Both families have the same shape: key, struct, buffer, its length, where the found one is pointed to. Doubles a buffer that is too small. */
    private static <T> Optional<T> find(Libc.Fn function, String what, Function<Arena, Long> key, Function<MemorySegment, T> read) throws OsException {
        for (int room = FIRST_ROOM; room <= MOST_ROOM; room *= 2) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment struct = arena.allocate(STRUCT, 8);
                MemorySegment found = arena.allocate(ADDRESS);
                int error = Libc.call(function, key.apply(arena), struct.address(), arena.allocate(room).address(), room, found.address());
                if (found.get(ADDRESS, 0).address() != 0) return Optional.of(read.apply(struct));
                if (error != ERANGE) return absent(error, function, what);
            }
        }
        throw new OsException(function.symbol(), ERANGE, what);
    }

    /** getpwnam(3) lists what "there is none" may look like. */
    private static <T> Optional<T> absent(int error, Libc.Fn function, String what) throws OsException {
        return switch (error == 0 ? Errno.ENOENT : Errno.of(error)) {
            case ENOENT, ESRCH, EBADF, EPERM -> Optional.empty();
            default -> throw new OsException(function.symbol(), error, what);
        };
    }

    @Override
    public List<Integer> groupsOf(String name, int gid) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocate(JAVA_INT, MOST_GROUPS);
            MemorySegment count = arena.allocateFrom(JAVA_INT, MOST_GROUPS);
            int result = Libc.call(Libc.Fn.GETGROUPLIST, arena.allocateFrom(name).address(), gid, groups.address(), count.address());
            if (result < 0) throw new OsException("getgrouplist", ERANGE, "user " + name);
            List<Integer> list = new ArrayList<>();
            for (int i = 0; i < count.get(JAVA_INT, 0); i++) list.add(groups.getAtIndex(JAVA_INT, i));
            return List.copyOf(list);
        }
    }

    @Override
    public int gid() {
        return Libc.call(Libc.Fn.GETEGID);
    }
}
