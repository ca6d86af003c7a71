package nary.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one process of the server wrote down; the kernel keeps it also when the process was killed.
 *
 * @param daemon names the life that it was part of
 * @param worker as nary's event log names it
 * @param accepted connections
 * @param answered requests, counted before the answer is sent
 * @param isClean it ended by itself, when nothing was open any more
 * @param open connections that it had accepted and not finished
 */
record Book(String daemon, String worker, String version, long pid, long accepted, long answered, boolean isClean, List<Row> open) {
    private static final int HEAD = 8;

    /** @param port the client's; at: wall clock, in milliseconds */
    record Row(int port, long at) {}

    static List<Book> all(Path folder) throws IOException {
        List<Book> books = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) books.add(read(file));
        }
        return books;
    }

    private static Book read(Path file) throws IOException {
        String[] name = file.getFileName().toString().split("@");
        ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        // killed before it had given the file its length
        if (numbers.capacity() == 0) numbers = ByteBuffer.allocate(HEAD * 8);
        List<Row> open = new ArrayList<>();
        for (int at = HEAD * 8; at < numbers.capacity(); at += 16) {
            if (numbers.getLong(at) != 0) open.add(new Row((int) numbers.getLong(at), numbers.getLong(at + 8)));
        }
        return new Book(name[0], name[1], name[2], Long.parseLong(name[3]), numbers.getLong(8), numbers.getLong(16), numbers.getLong(24) != 0, List.copyOf(open));
    }

    int generation() {
        return Integer.parseInt(worker.substring(0, worker.indexOf('.')));
    }

    long daemonPid() {
        return Long.parseLong(daemon.substring(0, daemon.indexOf('-')));
    }
}
