package nary.demo.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Runs a plan: a virtual thread per client, until it is stopped or its limit is over. */
public final class Load implements AutoCloseable {
    private final Plan plan;
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder asked = new LongAdder();
    private final long deadline;
    private volatile boolean stopping;

    private Load(Plan plan) {
        this.plan = plan;
        this.deadline = System.nanoTime() + plan.limit().toNanos();
    }

    public static Load start(Plan plan) {
        Load load = new Load(plan);
        for (int i = 0; i < plan.fresh() + plan.keepAlive(); i++) load.add(new Client(plan, i >= plan.fresh()));
        return load;
    }

    /** Requests so far, for a progress line. */
    public long asked() {
        return asked.sum();
    }

    /** Lets each client finish what it asked for, and returns all that happened. */
    public Recording stop() {
        close();
        return recording();
    }

    /** Waits for the limit to be over, and returns all that happened. */
    public Recording finish() {
        join();
        return recording();
    }

    private Recording recording() {
        List<Attempt> all = new ArrayList<>();
        for (Client client : clients) all.addAll(client.attempts());
        return new Recording(all);
    }

    @Override
    public void close() {
        stopping = true;
        join();
    }

    private void join() {
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(Client client) {
        clients.add(client);
        threads.add(Thread.ofVirtual().name("client " + clients.size()).start(() -> run(client)));
    }

    private void run(Client client) {
        try {
            while (!stopping && System.nanoTime() - deadline < 0) {
                client.ask();
                asked.increment();
                Thread.sleep(plan.pause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
        }
    }
}
