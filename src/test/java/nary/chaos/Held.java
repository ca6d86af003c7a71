package nary.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a process holds: descriptors by their kind, threads, children that nobody reaped. */
record Held(Map<String, Long> kinds) {
    /** Idle threads of the JVM's own pools come and go. */
    private static final long SPARE_THREADS = 5;

    static Held by(long pid) throws IOException {
        Map<String, Long> kinds = new TreeMap<>();
        for (Path descriptor : entries(pid, "fd")) {
            String target = target(descriptor);
            String kind = target.startsWith("/") ? "file" : target.replaceFirst(":\\[\\d+]$", "");
            if (!kind.isEmpty()) kinds.merge(kind, 1L, Long::sum);
        }
        kinds.put("thread", (long) entries(pid, "task").size());
        kinds.put("zombie", zombies(pid));
        return new Held(kinds);
    }

    boolean isNoMoreThan(Held before) {
        return kinds.entrySet().stream().allMatch(kind -> kind.getValue() <= before.allowed(kind.getKey()));
    }

    private long allowed(String kind) {
        if (kind.equals("zombie")) return 0;
        return kinds.getOrDefault(kind, 0L) + (kind.equals("thread") ? SPARE_THREADS : 0);
    }

    private static long zombies(long parent) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes.filter(it -> it.getFileName().toString().matches("\\d+")).filter(it -> isZombieOf(it, parent)).count();
        }
    }

    private static boolean isZombieOf(Path process, long parent) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[0].equals("Z") && Long.parseLong(fields[1]) == parent;
        } catch (IOException gone) {
            return false;
        }
    }

    private static List<Path> entries(long pid, String folder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), folder))) {
            return entries.toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    @Override
    public String toString() {
        return kinds.toString();
    }
}
