package nary.bench.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The processes of this run, daemons and orphans too: those that have its mark in their environment. */
public final class Marked {
    static final String NAME = "NARY_BENCH_RUN";
    static final String VALUE = UUID.randomUUID().toString();
    private static final int TRIES = 100;

    private Marked() {}

    /** Kills all of them, and waits until they are gone. */
    public static void killAll() {
        for (int i = 0; i < TRIES; i++) {
            List<ProcessHandle> left = all();
            if (left.isEmpty()) return;
            left.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(20_000_000);
        }
        System.err.println("bench: could not be ended: " + all().stream().map(ProcessHandle::pid).toList());
    }

    static List<ProcessHandle> all() {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            return processes.filter(it -> it.pid() != ProcessHandle.current().pid() && isMarked(it.pid())).toList();
        }
    }

    private static boolean isMarked(long pid) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(NAME + "=" + VALUE);
        } catch (IOException e) {
            return false; // gone, or somebody else's
        }
    }
}
