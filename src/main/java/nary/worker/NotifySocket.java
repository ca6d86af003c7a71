package nary.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Sockets;

/**
 * Where one worker says how it is: sd_notify(3). Each has a socket of its own, so that also a process that has ended by the time it is
 * read is known for whose it was.
 */
public final class NotifySocket {
    private static final int LONGEST_DATAGRAM = 4096;
    /** Taken at a time, so that one who shouts does not keep the others waiting. */
    private static final int MOST_DATAGRAMS = 32;

    private final Sockets sockets;
    private final Path path;
    private final Fd fd;
    /** One byte more, so that a datagram that was cut is known. */
    private final byte[] buffer = new byte[LONGEST_DATAGRAM + 1];

    private NotifySocket(Sockets sockets, Path path, Fd fd) {
        this.sockets = sockets;
        this.path = path;
        this.fd = fd;
    }

    /** @param path whoever knows it may write to it */
    public static NotifySocket open(Sockets sockets, Path path) throws IOException {
        NotifySocket socket = new NotifySocket(sockets, path, sockets.mailbox(path.toString()));
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public Fd fd() {
        return fd;
    }

    public Path path() {
        return path;
    }

    /** What has been said, without waiting; what was said several times once. Datagrams over 4 KiB say nothing. */
    public List<Saying> read() throws OsException {
        List<Saying> sayings = new ArrayList<>();
        for (int i = 0; i < MOST_DATAGRAMS; i++) {
            int count = sockets.read(fd, buffer, 0, buffer.length);
            if (count < 0) break;
            if (count <= LONGEST_DATAGRAM) sayings.addAll(Saying.in(new String(buffer, 0, count, StandardCharsets.UTF_8)));
        }
        return Saying.once(sayings);
    }

    public void close() throws IOException {
        sockets.close(fd);
        Files.deleteIfExists(path);
    }
}
