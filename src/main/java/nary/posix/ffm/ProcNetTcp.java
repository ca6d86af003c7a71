package nary.posix.ffm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.SockDiag;
import nary.posix.SockDiag.Connection;
import nary.posix.SockDiag.TcpState;

/** The slow way to see connections: proc(5), {@code /proc/net/tcp} and {@code tcp6}. They tell neither cookies nor times. */
final class ProcNetTcp {
    private ProcNetTcp() {}

    static List<Connection> connections(Set<Integer> localPorts, Set<TcpState> states) throws OsException {
        List<Connection> found = new ArrayList<>();
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (!Files.exists(Path.of(file))) continue; // a kernel without IPv6
            try (var lines = Files.lines(Path.of(file))) {
                lines.skip(1).map(ProcNetTcp::connection)
                        .filter(c -> localPorts.contains(c.local().port()) && states.contains(c.state()))
                        .forEach(found::add);
            } catch (IOException e) {
                throw new OsException("read", Errno.EIO.number(), file);
            }
        }
        return found;
    }

    /** {@code sl local rem st tx:rx tr:when retrnsmt uid timeout inode …}, all but uid and inode in hexadecimal. */
    static Connection connection(String line) {
        String[] column = line.strip().split("\\s+");
        String[] queues = column[4].split(":");
        return new Connection(
                address(column[1]),
                LinuxSockDiag.state(Integer.parseInt(column[3], 16)),
                Long.parseLong(column[9]),
                0,
                Integer.parseUnsignedInt(column[7]),
                0,
                0,
                Long.parseLong(queues[0], 16),
                Long.parseLong(queues[1], 16),
                0,
                0,
                SockDiag.NONE);
    }

    /** The IP in words of the machine's byte order, the port as a number. */
    private static Address address(String text) {
        int colon = text.indexOf(':');
        ByteBuffer swapped = ByteBuffer.wrap(HexFormat.of().parseHex(text, 0, colon));
        ByteBuffer ip = ByteBuffer.allocate(swapped.capacity()).order(ByteOrder.nativeOrder());
        while (swapped.hasRemaining()) ip.putInt(swapped.getInt());
        return Address.of(ip.array(), Integer.parseInt(text, colon + 1, text.length(), 16), false);
    }
}
