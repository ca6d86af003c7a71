package nary.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import nary.demo.load.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask a server until they are told to stop. At a constant rate, each is a platform thread that sleeps until its request is due: a
 * wake-up by the kernel is exact to some 50 µs, and costs less than a poll. In a closed loop, where each asks again as soon as it is answered, they
 * are a {@link Crowd}: a thousand threads, virtual or not, do not get their turns alike.
 */
public final class Load implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int KEPT = 64;
    /** So many that those who wait for a stalled worker do not keep the others from asking. */
    private static final int FRESH = 512;

    private final List<Thread> threads = new ArrayList<>();
    private volatile Tally tally = new Tally();
    private volatile boolean isStopping;
    private volatile @Nullable Throwable broken;

    private Load() {}

    /** @param clients how many ask at a time */
    public static Load closedLoop(int port, int clients, boolean keepAlive) throws IOException {
        Load load = new Load();
        Crowd crowd = Crowd.of(port, clients, keepAlive, TIMEOUT_MILLIS);
        load.start(() -> crowd.ask(() -> load.tally, () -> load.isStopping));
        return load;
    }

    public static Load constantRate(int port, double perSecond, boolean keepAlive) {
        Load load = new Load();
        int senders = keepAlive ? KEPT : FRESH;
        Cadence cadence = new Cadence(System.nanoTime() + 50_000_000, perSecond, senders);
        for (int i = 0; i < senders; i++) {
            int sender = i;
            load.start(() -> load.keepTime(new Caller(port, "/", keepAlive, TIMEOUT_MILLIS), cadence, sender));
        }
        return load;
    }

    /** What there was so far; counts from anew. */
    public Tally turn() {
        Tally before = tally;
        tally = new Tally();
        return before;
    }

    /**
     * Lets what is under way end, and returns what there was since the last turn.
     *
     * @throws IllegalStateException if a client of the load itself failed: then the figures say nothing
     */
    public Tally stop() {
        close();
        if (broken != null) throw new IllegalStateException("the load generator failed", broken);
        return tally;
    }

    @Override
    public void close() {
        isStopping = true;
        threads.forEach(LockSupport::unpark);
        try {
            for (Thread thread : threads) thread.join(TIMEOUT_MILLIS * 2L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(Runnable client) {
        Thread thread = Thread.ofPlatform().daemon().uncaughtExceptionHandler((_, e) -> broken = e).unstarted(client);
        threads.add(thread);
        thread.start();
    }

    private void keepTime(Caller caller, Cadence cadence, int sender) {
        try (caller) {
            for (long turn = 0; !isStopping; turn++) {
                long due = cadence.due(sender, turn);
                while (!isStopping && System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
                if (isStopping) return;
                Outcome outcome = caller.ask();
                tally.add(outcome, System.nanoTime() - due);
            }
        }
    }
}
