package nary.listen;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Posix;

/**
 * The one thread that carries the seccomp filter, and all that is spawned from it with it. It runs nothing but jobs that spawn; it never
 * binds or listens itself.
 */
public final class Spawner {
    private final BlockingQueue<Runnable> jobs = new ArrayBlockingQueue<>(4096);
    private final Optional<Fd> notifications;

    private Spawner(Optional<Fd> notifications) {
        this.notifications = notifications;
    }

    /**
     * @param filtered false spawns without takeover
     * @throws OsException with the remedy, where the kernel or the container does not allow it
     */
    public static Spawner start(Posix posix, boolean filtered) throws OsException {
        CompletableFuture<Optional<Fd>> installed = new CompletableFuture<>();
        CompletableFuture<Spawner> self = new CompletableFuture<>();
        Thread.ofPlatform().name("spawner").daemon().start(() -> {
            try {
                installed.complete(filtered ? Optional.of(posix.seccomp().install()) : Optional.empty());
            } catch (Throwable e) {
                installed.completeExceptionally(e);
                return;
            }
            self.join().run();
        });
        try {
            Spawner spawner = new Spawner(installed.join());
            self.complete(spawner);
            return spawner;
        } catch (java.util.concurrent.CompletionException e) {
            throw explain(e.getCause() instanceof OsException os ? os : new OsException("seccomp", Errno.EIO.number(), String.valueOf(e.getCause())));
        }
    }

    private static OsException explain(OsException e) {
        String remedy = e.errno() == Errno.EBUSY
                ? "takeover (nary runs under nary already: start this one with --listen ADDR --takeover off)"
                : "takeover (not allowed here; Docker: --cap-add SYS_PTRACE; or open the port with --listen ADDR --takeover off)";
        return new OsException(e.call(), e.number(), remedy);
    }

    /** Where the filter's notifications arrive; empty without takeover. */
    public Optional<Fd> notifications() {
        return notifications;
    }

    /** Runs the job on the filtered thread. @throws IllegalStateException if 4096 are waiting already */
    public void submit(Runnable job) {
        jobs.add(job);
    }

    private void run() {
        try {
            while (true) jobs.take().run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
