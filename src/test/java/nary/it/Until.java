package nary.it;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Bounded waiting for what another process does. */
final class Until {
    private Until() {}

    static void holds(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) throw new AssertionError("not within " + limit + ": " + what);
            Thread.sleep(20);
        }
    }
}
