package nary.fleet.balancer;

import java.time.Duration;

/** Bounded waiting for what a balancer does by itself. */
final class Pause {
    static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final long end;

    private Pause(long end) {
        this.end = end;
    }

    static Pause until(Duration limit) {
        return new Pause(System.nanoTime() + limit.toNanos());
    }

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    /** To the next look. */
    void rest() throws InterruptedException {
        Thread.sleep(BETWEEN_LOOKS);
    }
}
