package nary.supervisor;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import nary.posix.Processes.Info;

/** Reads the table of processes, once for all who ask at the same time: each gets one that was begun after it asked. Thread-safe. */
final class Tables {
    private final Supplier<List<Info>> reader;
    /** Number of the latest reading that was begun. */
    private final AtomicLong begun = new AtomicLong();

    private long done;
    private List<Info> latest = List.of();

    Tables(Supplier<List<Info>> reader) {
        this.reader = reader;
    }

    List<Info> take() {
        long wanted = begun.get() + 1;
        synchronized (this) {
            if (done < wanted) read();
            return latest;
        }
    }

    private void read() {
        long number = begun.incrementAndGet();
        latest = List.copyOf(reader.get());
        done = number;
    }
}
