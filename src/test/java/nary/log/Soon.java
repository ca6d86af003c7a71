package nary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;

/** Waits for what another thread will do. */
final class Soon {
    private static final long LIMIT_NANOS = 20_000_000_000L;

    private Soon() {}

    /** Fails after 20 s. */
    static void isTrue(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(5);
        }
    }
}
