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
        String memory = Files.readString(Path.of("/proc/meminfo")).lines().findFirst().orElse("0").replaceAll("\\D", "");
        String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        double load = Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        return new Machine(processor, Runtime.getRuntime().availableProcessors(), Long.parseLong(memory) / 1048576.0, kernel, load);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, %d cores, %.0f GB, Linux %s, load %.1f before the run", processor, cores, memoryGb, kernel, load);
    }
}
