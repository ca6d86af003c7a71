package nary.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nary.control.Json;
import nary.control.WireException;

/** A worker, as {@code nary status --json} shows it. */
record Worker(long pid, String state) {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    static List<Worker> of(String statusJson) throws IOException {
        try {
            if (!(Json.read(statusJson) instanceof Map<?, ?> status) || !(status.get("workers") instanceof List<?> rows)) {
                throw new IOException("no status: " + statusJson);
            }
            return rows.stream().map(row -> of((Map<?, ?>) row)).toList();
        } catch (WireException e) {
            throw new IOException("no status: " + statusJson, e);
        }
    }

    private static Worker of(Map<?, ?> row) {
        return new Worker(Long.parseLong(String.valueOf(row.get("pid"))), String.valueOf(row.get("state")));
    }

    boolean serves() {
        return state.equals("serving");
    }

    /** Stops the process where it is: from here on it accepts nothing. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
        // the signal reaches one thread after the other, and until then they accept
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        while (!isStopped() && System.nanoTime() < deadline) Thread.sleep(1);
    }

    private boolean isStopped() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') return false;
            }
            return true;
        }
    }

    void kill() throws IOException, InterruptedException {
        signal("KILL");
    }

    /** How many TCP connections the process holds, counted from /proc by the inodes of its descriptors. */
    int connections() throws IOException {
        Set<String> held = sockets();
        int count = 0;
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", table))) {
                String[] fields = line.strip().split("\\s+");
                boolean listening = fields[3].equals("0A");
                if (!listening && held.contains(fields[9])) count++;
            }
        }
        return count;
    }

    private Set<String> sockets() throws IOException {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target = target(descriptor);
                if (target.startsWith("socket:[")) inodes.add(target.substring("socket:[".length(), target.length() - 1));
            }
        }
        return inodes;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid).start().waitFor();
        if (exit != 0) throw new IOException("kill -" + name + " " + pid + " failed");
    }
}
