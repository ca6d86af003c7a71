package nary.supervisor;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.posix.Processes;

/** When a start or a deploy is over, what it took of memory goes back to the kernel: 6 of 63 MB after a start. Thread-safe. */
final class Housekeeping {
    /** Names of the notices after which nothing is to do for a while. */
    private static final Set<String> RESTS = Set.of("Ready", "Deployed", "DeployDone", "DeployFailed");

    /** The compiler is busy with what has just run; its memory is free when it has caught up. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Processes processes;
    private final AtomicBoolean isDue = new AtomicBoolean();

    Housekeeping(Processes processes) {
        this.processes = processes;
    }

    void heard(Notice notice) {
        if (RESTS.contains(notice.name()) && !isDue.getAndSet(true)) Thread.ofVirtual().name("housekeeping").start(this::trim);
    }

    private void trim() {
        try {
            Thread.sleep(PAUSE);
            isDue.set(false);
            processes.trimMemory();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
