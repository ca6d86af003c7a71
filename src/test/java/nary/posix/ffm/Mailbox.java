package nary.posix.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Poll;
import org.jspecify.annotations.Nullable;

/** A unix datagram socket that receives, as a service manager's NOTIFY_SOCKET; Java's own library has none. For one thread. */
public final class Mailbox implements Closeable {
    private static final int SOCK_DGRAM = 2;
    private static final int CLOEXEC_NONBLOCK = 0x80800;
    private static final int ROOM = 65_536;

    private final Fd fd;
    private final Poll poll;

    /** @param address a path, or {@code @} and an abstract name */
    public Mailbox(String address) throws OsException {
        fd = new Fd(Libc.check(Libc.call(Libc.Fn.SOCKET, SockAddr.UNIX, SOCK_DGRAM | CLOEXEC_NONBLOCK, 0), "socket", address));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = SockAddr.ofUnix(arena, address);
            Libc.check(Libc.call(Libc.Fn.BIND, fd.number(), raw.address(), raw.byteSize()), "bind", address);
        }
        poll = LinuxPoll.open();
        poll.watch(fd, 0);
    }

    /** The next datagram; null if none comes in time. */
    public @Nullable String take(Duration limit) throws OsException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            String message = receive();
            long left = deadline - System.nanoTime();
            if (message != null || left <= 0) return message;
            poll.await(Duration.ofNanos(left));
        }
    }

    /** All that waits. */
    public List<String> takeAll() throws OsException {
        List<String> all = new ArrayList<>();
        for (String message = receive(); message != null; message = receive()) all.add(message);
        return all;
    }

    private @Nullable String receive() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(ROOM);
            long length = Libc.retryLong(Libc.Fn.RECV, fd.number(), room.address(), ROOM, 0);
            return length < 0 ? null : new String(room.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        poll.close();
        Libc.call(Libc.Fn.CLOSE, fd.number());
    }
}
