package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.concurrent.atomic.AtomicInteger;
import nary.config.Cron;
import org.junit.jupiter.api.Test;

class CronClockTest {
    private static final ZonedDateTime EVENING = ZonedDateTime.parse("2026-11-21T23:00:00+01:00[Europe/Vienna]");

    private final AtomicInteger rung = new AtomicInteger();
    private ZonedDateTime now = EVENING;
    private final CronClock clock = new CronClock(Cron.parse("0 4 * * *"), now, rung::incrementAndGet);

    private int until(ZonedDateTime end) {
        rung.set(0);
        while (now.isBefore(end)) {
            Duration sleep = clock.look(now);
            assertThat(sleep).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(30));
            now = now.plus(sleep).isBefore(end) ? now.plus(sleep) : end;
        }
        clock.look(now);
        return rung.get();
    }

    @Test
    void ringsWhenItIsTime() {
        assertThat(until(EVENING.plusHours(5).minusSeconds(1))).isZero();
        assertThat(until(EVENING.plusHours(5))).isEqualTo(1);
        assertThat(until(EVENING.plusHours(24))).isZero();
        assertThat(until(EVENING.plusDays(7))).isEqualTo(6);
    }

    @Test
    void aClockThatIsSetForwardRingsOnceForAllThatWasSkipped() {
        until(EVENING.plusHours(1));
        now = EVENING.plusDays(3);
        assertThat(until(now)).isEqualTo(1);
        assertThat(until(EVENING.plusDays(3).plusHours(4))).isZero();
        assertThat(until(EVENING.plusDays(3).plusHours(5))).isEqualTo(1);
    }

    @Test
    void aClockThatIsSetBackRingsAgainAtTheSameTime() {
        assertThat(until(EVENING.plusHours(6))).isEqualTo(1);
        now = EVENING;
        assertThat(until(EVENING.plusHours(6))).isEqualTo(1);
    }
}
