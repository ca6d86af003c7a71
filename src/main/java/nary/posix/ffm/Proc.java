package nary.posix.ffm;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Processes.Doing;
import nary.posix.Processes.Info;

/**
 * Readers of proc(5). What cannot be read is gone, or not ours to see: both give the empty answer. Out of descriptors we would see nothing
 * and take all for gone, so that is an UncheckedIOException of an OsException.
 */
final class Proc {
    private static final int CLOEXEC = 0x80000;
    private static final int MOST_THREADS = 256;
    private static final int USUAL_BYTES = 1024;

    private Proc() {}

    static List<Info> table() {
        List<Info> table = new ArrayList<>();
        for (String name : names("/proc")) {
            if (Character.isDigit(name.charAt(0))) text("/proc/" + name + "/stat").map(Proc::info).ifPresent(table::add);
        }
        return table;
    }

    /** {@code 12 (a name) S 1 …}: the name may hold spaces and parentheses. */
    static Info info(String stat) {
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        String[] rest = stat.substring(close + 2).split(" ");
        return new Info(
                new Pid(Integer.parseInt(stat.substring(0, open - 1))),
                new Pid(Integer.parseInt(rest[1])),
                Integer.parseInt(rest[2]),
                Integer.parseInt(rest[3]),
                rest[0].charAt(0),
                stat.substring(open + 1, close),
                Long.parseLong(rest[19]));
    }

    static List<Doing> threads(Pid pid) {
        String tasks = "/proc/" + pid + "/task";
        List<Doing> threads = new ArrayList<>();
        for (String task : names(tasks).stream().limit(MOST_THREADS).toList()) text(tasks + "/" + task + "/stat").map(stat -> doing(tasks + "/" + task, stat)).ifPresent(threads::add);
        return threads;
    }

    static List<Integer> threadIds(Pid pid) {
        return names("/proc/" + pid + "/task").stream().map(Integer::valueOf).toList();
    }

    static Map<Integer, Long> awake(Pid pid) {
        Map<Integer, Long> awake = new HashMap<>();
        for (int thread : threadIds(pid)) {
            String stat = text("/proc/" + pid + "/task/" + thread + "/stat").orElse("");
            String[] rest = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
            boolean isAwake = rest[0].equals("R") || rest[0].equals("D");
            if (isAwake) awake.put(thread, Long.parseLong(rest[11]) + Long.parseLong(rest[12]));
        }
        return awake;
    }

    private static Doing doing(String task, String stat) {
        int close = stat.lastIndexOf(')');
        String name = stat.substring(stat.indexOf('(') + 1, close);
        char state = stat.charAt(close + 2);
        return new Doing(name, state, state == 'R' ? "" : place(task));
    }

    /** Kernels that keep wchan to themselves have {@code 0} there; root may read the stack instead: {@code [<0>] ep_poll+0x2f/0x50}. */
    private static String place(String task) {
        String place = text(task + "/wchan").orElse("0").strip();
        if (!place.equals("0")) return place;
        String top = text(task + "/stack").orElse("").lines().findFirst().orElse("");
        int plus = top.indexOf('+');
        return top.startsWith("[<0>] ") && plus > 0 ? top.substring(6, plus) : "";
    }

    static Optional<Pid> processOfThread(int threadId) {
        return field("/proc/" + threadId + "/status", "Tgid:").map(value -> new Pid(Integer.parseInt(value)));
    }

    static boolean maps(Pid pid, String fileName) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/maps"))) {
            return lines.anyMatch(line -> line.endsWith("/" + fileName));
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    static Set<Long> socketInodes(Pid pid) {
        String directory = "/proc/" + pid + "/fd";
        Set<Long> inodes = new HashSet<>();
        for (String name : names(directory)) inodeOf(directory + "/" + name, "socket").ifPresent(inodes::add);
        return inodes;
    }

    /** The number of a link such as {@code socket:[123]} or {@code net:[123]}. */
    static Optional<Long> inodeOf(String link, String kind) {
        return target(link)
                .filter(target -> target.startsWith(kind + ":["))
                .map(target -> Long.parseLong(target, kind.length() + 2, target.length() - 1, 10));
    }

    static boolean isSeccompListener(int ours) {
        return target("/proc/self/fd/" + ours).filter("anon_inode:seccomp notify"::equals).isPresent();
    }

    private static Optional<String> target(String link) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of(link)).toString());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static long residentPages(Pid pid) {
        return text("/proc/" + pid + "/statm").map(statm -> Long.parseLong(statm.split(" ")[1])).orElse(0L);
    }

    /** {@code Pss:   12345 kB}. */
    static Optional<Long> proportionalBytes(Pid pid) {
        return field("/proc/" + pid + "/smaps_rollup", "Pss:").map(value -> 1024 * Long.parseLong(value.substring(0, value.indexOf(' '))));
    }

    static Map<String, String> environmentOf(Pid pid) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String entry : text("/proc/" + pid + "/environ").orElse("").split("\0")) {
            int equals = entry.indexOf('=');
            if (equals > 0) environment.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return environment;
    }

    static boolean isPolled(Pid pid, int descriptor) {
        String directory = "/proc/" + pid + "/fdinfo";
        for (String name : names(directory)) {
            if (text(directory + "/" + name).stream().flatMap(String::lines).anyMatch(line -> watches(line, descriptor))) return true;
        }
        return false;
    }

    /** {@code tfd:        5 events:       19 data: …}. */
    private static boolean watches(String line, int descriptor) {
        return line.startsWith("tfd:") && line.substring(4).strip().startsWith(descriptor + " ");
    }

    static boolean isCloseOnExec(Pid pid, int descriptor) {
        return field("/proc/" + pid + "/fdinfo/" + descriptor, "flags:")
                .map(flags -> (Integer.parseInt(flags, 8) & CLOEXEC) != 0)
                .orElse(false);
    }

    private static Optional<String> field(String file, String name) {
        return text(file).flatMap(text -> text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst());
    }

    private static Optional<String> text(String file) {
        return unlessGone(file, () -> {
            try (FileInputStream in = new FileInputStream(file)) {
                return all(in);
            }
        }).filter(text -> !text.isEmpty());
    }

    /** {@code readAllBytes} asks for size and position six times first, and there is none. */
    private static String all(FileInputStream in) throws IOException {
        byte[] bytes = new byte[USUAL_BYTES];
        int size = 0;
        for (int more = in.read(bytes); more > 0; more = in.read(bytes, size, bytes.length - size)) {
            size += more;
            if (size == bytes.length) bytes = Arrays.copyOf(bytes, 2 * size);
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private static List<String> names(String directory) {
        return unlessGone(directory, () -> {
            String[] names = new File(directory).list();
            if (names == null) throw new NoSuchFileException(directory);
            return List.of(names);
        }).orElse(List.of());
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> Optional<T> unlessGone(String path, Reading<T> reading) {
        try {
            return Optional.of(reading.read());
        } catch (IOException first) {
            if (!new File(path).exists()) return Optional.empty();
            requireDescriptor(path);
        }
        try {
            // one that was missing may have come free meanwhile
            return Optional.of(reading.read());
        } catch (IOException notOurs) {
            if (new File(path).exists()) requireDescriptor(path);
            return Optional.empty();
        }
    }

    private static void requireDescriptor(String path) {
        int probe = Libc.call(Libc.Fn.EVENTFD, 0, 0);
        if (probe < 0) {
            OsException reason = new OsException("open", -probe, path);
            throw new UncheckedIOException(reason.getMessage(), reason);
        }
        Libc.call(Libc.Fn.CLOSE, probe);
    }
}
