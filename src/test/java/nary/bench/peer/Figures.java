package nary.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What processes have used so far.
 *
 * @param rss bytes
 * @param pss bytes: shared pages counted in parts
 * @param peak bytes of RSS, the most since the last {@link #forgetPeak}
 * @param cpuNanos user and system time; exact to the nanosecond where the scheduler tells it
 * @param wakeUps voluntary context switches of all threads
 */
public record Figures(long rss, long pss, long peak, long cpuNanos, long wakeUps) {

    public static Figures of(List<Long> pids) throws IOException {
        Figures sum = new Figures(0, 0, 0, 0, 0);
        for (long pid : pids) sum = sum.plus(of(pid));
        return sum;
    }

    private static Figures of(long pid) throws IOException {
        Path proc = Path.of("/proc/" + pid);
        String memory = Files.readString(proc.resolve("smaps_rollup"));
        long cpu = 0;
        long wakeUps = 0;
        for (Path task : tasks(pid)) {
            try {
                cpu += cpuNanos(Files.readString(task.resolve("schedstat")));
                wakeUps += field(Files.readString(task.resolve("status")), "voluntary_ctxt_switches");
            } catch (IOException e) {
                // a thread that has ended
            }
        }
        return new Figures(
                field(memory, "Rss") * 1024, field(memory, "Pss") * 1024, field(Files.readString(proc.resolve("status")), "VmHWM") * 1024, cpu, wakeUps);
    }

    /** The tasks of a process, by directory of /proc. */
    public static List<Path> tasks(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.toList();
        }
    }

    /** The threads of this name. */
    public static Figures ofThread(long pid, String name) throws IOException {
        for (Path task : tasks(pid)) {
            if (!Files.readString(task.resolve("comm")).strip().equals(name)) continue;
            long wakeUps = field(Files.readString(task.resolve("status")), "voluntary_ctxt_switches");
            return new Figures(0, 0, 0, cpuNanos(Files.readString(task.resolve("schedstat"))), wakeUps);
        }
        return new Figures(0, 0, 0, 0, 0);
    }

    public static void forgetPeak(List<Long> pids) throws IOException {
        for (long pid : pids) Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
    }

    /** Since the others were taken; memory as it is now. */
    public Figures since(Figures before) {
        return new Figures(rss, pss, peak, cpuNanos - before.cpuNanos, wakeUps - before.wakeUps);
    }

    private Figures plus(Figures other) {
        return new Figures(rss + other.rss, pss + other.pss, peak + other.peak, cpuNanos + other.cpuNanos, wakeUps + other.wakeUps);
    }

    /** The first word of schedstat: nanoseconds on a processor. */
    static long cpuNanos(String schedstat) {
        return Long.parseLong(schedstat.substring(0, schedstat.indexOf(' ')));
    }

    /** The number after {@code name:}; 0 if there is none. */
    static long field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
