package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.OsException;

/** struct sockaddr_in, sockaddr_in6 and sockaddr_un: ip(7), ipv6(7), unix(7). */
final class SockAddr {
    static final short UNIX = 1;
    static final short INET = 2;
    static final short INET6 = 10;
    /** sun_path has 108 bytes, one of them a NUL. */
    private static final int LONGEST_PATH = 107;

    private SockAddr() {}

    static short family(Address address) {
        return address.isV6() ? INET6 : INET;
    }

    static MemorySegment of(Arena arena, Address address) {
        MemorySegment raw = arena.allocate(address.isV6() ? 28 : 16, 8);
        raw.set(JAVA_SHORT, 0, family(address));
        raw.set(JAVA_SHORT, 2, Short.reverseBytes((short) address.port()));
        MemorySegment.copy(MemorySegment.ofArray(address.bytes()), 0, raw, address.isV6() ? 8 : 4, address.bytes().length);
        return raw;
    }

    /** A path, or after {@code @} a name in the abstract namespace. @throws OsException EINVAL if it does not fit */
    static MemorySegment ofUnix(Arena arena, String address) throws OsException {
        boolean isAbstract = address.startsWith("@");
        byte[] bytes = address.substring(isAbstract ? 1 : 0).getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > LONGEST_PATH) throw new OsException("sendto", Errno.EINVAL.number(), address);
        return isAbstract ? ofName(arena, address.substring(1)) : ofPath(arena, bytes);
    }

    private static MemorySegment ofPath(Arena arena, byte[] path) {
        MemorySegment raw = arena.allocate(3L + path.length, 8);
        raw.set(JAVA_SHORT, 0, UNIX);
        MemorySegment.copy(path, 0, raw, JAVA_BYTE, 2, path.length);
        return raw;
    }

    /** In the abstract namespace: a NUL, then the name, its length given by the address's. */
    static MemorySegment ofName(Arena arena, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        MemorySegment raw = arena.allocate(3L + bytes.length, 8);
        raw.set(JAVA_SHORT, 0, UNIX);
        MemorySegment.copy(bytes, 0, raw, JAVA_BYTE, 3, bytes.length);
        return raw;
    }
}
