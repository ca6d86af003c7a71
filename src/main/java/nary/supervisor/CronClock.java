package nary.supervisor;

import java.time.Duration;
import java.time.ZonedDateTime;
import nary.config.Cron;

/**
 * Tells when a time of the schedule has come, by the system's clock and zone. The clock may be set meanwhile: it is looked at every half
 * minute at least. Times that were skipped come once, late; those that come twice, because the clock was set back, come twice.
 */
final class CronClock {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Cron cron;
    private final Runnable due;
    private ZonedDateTime seen;
    private ZonedDateTime next;

    CronClock(Cron cron, ZonedDateTime now, Runnable due) {
        this.cron = cron;
        this.due = due;
        this.seen = now;
        this.next = cron.after(now);
    }

    static Thread start(Cron cron, Runnable due) {
        CronClock clock = new CronClock(cron, ZonedDateTime.now(), due);
        return Thread.ofVirtual().name("cron").start(clock::run);
    }

    private void run() {
        try {
            while (true) Thread.sleep(look(ZonedDateTime.now()));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return when to look again */
    Duration look(ZonedDateTime now) {
        if (now.isBefore(seen)) next = cron.after(now);
        seen = now;
        if (!now.isBefore(next)) {
            due.run();
            next = cron.after(now);
        }
        Duration left = Duration.between(now, next);
        if (left.compareTo(LONGEST) > 0) return LONGEST;
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }
}
