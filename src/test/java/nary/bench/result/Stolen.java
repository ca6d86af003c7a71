package nary.bench.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Processor time that a virtual machine was ready to use and its host gave to others, proc_stat(5). Requests wait meanwhile, whoever answers
 * them: where it is more than a per cent or two, the slowest requests are the host's.
 *
 * @param ticks stolen, of all processors
 * @param all ticks of all processors
 */
public record Stolen(long ticks, long all) {
    private static final int STEAL = 8;
    /** What follows is counted within user and nice already. */
    private static final int FIELDS = 8;

    public static Stolen now() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
        long all = 0;
        for (int i = 1; i <= FIELDS; i++) all += Long.parseLong(fields[i]);
        return new Stolen(Long.parseLong(fields[STEAL]), all);
    }

    public Stolen since(Stolen before) {
        return new Stolen(ticks - before.ticks, all - before.all);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f %% of the processors' time was taken by the host for others", 100.0 * ticks / Math.max(1, all));
    }
}
