package nary.bench.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the figures were taken on. */
public record Machine(String processor, int cores, double memoryGb, String kernel, double load) {

    public static Machine here() throws IOException {
        String processor = Files.readString(Path.of("/proc/cpuinfo")).lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
        String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        double load = Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        return new Machine(processor, Runtime.getRuntime().availableProcessors(), kilobytes("MemTotal") / 1048576.0, kernel, load);
    }

    /** What can be had without swapping, proc_meminfo(5). */
    public static long freeMegabytes() throws IOException {
        return kilobytes("MemAvailable") / 1024;
    }

    private static long kilobytes(String name) throws IOException {
        return Files.readString(Path.of("/proc/meminfo")).lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, %d cores, %.0f GB, Linux %s, load %.1f before the run", processor, cores, memoryGb, kernel, load);
    }
}
