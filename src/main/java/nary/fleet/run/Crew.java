package nary.fleet.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import nary.fleet.Host;
import nary.fleet.ssh.RemoteException;
import org.jspecify.annotations.Nullable;

/** Does one thing on many servers: in their order, so many at once as asked for, until the first failure or in spite of all. */
public final class Crew {
    private final List<Host> hosts;
    private final boolean isKeptGoing;
    private final Job job;
    private final AtomicInteger next = new AtomicInteger();
    private final List<@Nullable Outcome> outcomes;
    private final List<Thread> threads = new ArrayList<>();
    private boolean isStopped;
    private @Nullable Outcome first;

    /** What is done. */
    public interface Job {
        /** @return an exit status, 0–255 */
        int run(Host host) throws IOException, InterruptedException;
    }

    /**
     * @param outcomes one for each server, in their order
     * @param first the failure that came first; null if none
     */
    public record Result(List<Outcome> outcomes, @Nullable Outcome first) {}

    private Crew(List<Host> hosts, boolean isKeptGoing, Job job) {
        this.hosts = List.copyOf(hosts);
        this.isKeptGoing = isKeptGoing;
        this.job = job;
        this.outcomes = new ArrayList<>(Collections.nCopies(hosts.size(), null));
    }

    /**
     * Returns when nothing of it runs any more.
     *
     * @param parallel how many at once, from 1
     * @param isKeptGoing a failure stops nobody else
     * @throws InterruptedException after all that ran was cancelled
     */
    public static Result run(List<Host> hosts, int parallel, boolean isKeptGoing, Job job) throws InterruptedException {
        var crew = new Crew(hosts, isKeptGoing, job);
        crew.begin(Math.min(parallel, hosts.size()));
        try {
            for (Thread thread : crew.threads) thread.join();
        } catch (InterruptedException e) {
            crew.stop();
            crew.joinForSure();
            throw e;
        }
        return crew.result();
    }

    private synchronized void begin(int parallel) {
        for (int i = 0; i < parallel; i++) threads.add(Thread.ofVirtual().name("crew " + i).start(this::work));
    }

    private void work() {
        for (int i = next.getAndIncrement(); i < hosts.size() && !isStopped(); i = next.getAndIncrement()) end(i, turn(hosts.get(i)));
    }

    private Outcome turn(Host host) {
        try {
            return new Outcome.Ran(host, job.run(host));
        } catch (RemoteException e) {
            return new Outcome.Broken(host, String.valueOf(e.getMessage()), e.kind() == RemoteException.Kind.TIMED_OUT);
        } catch (IOException e) {
            return new Outcome.Broken(host, host.name() + ": " + e.getMessage(), false);
        } catch (RuntimeException e) {
            return new Outcome.Broken(host, host.name() + ": a defect of nary: " + e, false);
        } catch (InterruptedException e) {
            return new Outcome.Cancelled(host);
        }
    }

    private synchronized void end(int index, Outcome outcome) {
        outcomes.set(index, outcome);
        if (!outcome.isFailure()) return;
        if (first == null) first = outcome;
        if (!isKeptGoing) stop();
    }

    private synchronized boolean isStopped() {
        return isStopped;
    }

    private synchronized void stop() {
        isStopped = true;
        for (Thread thread : threads) if (thread != Thread.currentThread()) thread.interrupt();
    }

    private void joinForSure() {
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    // it is being waited for what was cancelled: each of these has a limit
                }
            }
        }
    }

    private synchronized Result result() {
        List<Outcome> all = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            Outcome outcome = outcomes.get(i);
            all.add(outcome == null ? new Outcome.Spared(hosts.get(i)) : outcome);
        }
        return new Result(all, first);
    }
}
