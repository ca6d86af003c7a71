package nary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
    private static ZonedDateTime vienna(String local) {
        return ZonedDateTime.parse(local + "[Europe/Vienna]");
    }

    @ParameterizedTest
    @CsvSource({
        "0 4 * * *,2026-03-28T04:00:00+01:00", "*/15 12 * * *,2026-03-27T12:15:00+01:00", "0 4 * * 0,2026-03-29T04:00:00+02:00",
        "0 4 * * 7,2026-03-29T04:00:00+02:00", "0 4 * * mon-fri,2026-03-30T04:00:00+02:00", "*/20 * * * * *,2026-03-27T12:00:20+01:00",
        "0 0 1 1 *,2027-01-01T00:00:00+01:00", " 0  4 * * * ,2026-03-28T04:00:00+01:00"
    })
    void theNextTime(String text, String next) {
        assertThat(Cron.parse(text).after(vienna("2026-03-27T12:00:00+01:00"))).isEqualTo(vienna(next));
    }

    @Test
    void eitherDayIsEnough() {
        Cron cron = Cron.parse("0 4 1 * mon");
        ZonedDateTime monday = cron.after(vienna("2026-03-27T12:00:00+01:00"));
        assertThat(monday).isEqualTo(vienna("2026-03-30T04:00:00+02:00"));
        assertThat(cron.after(monday)).isEqualTo(vienna("2026-04-01T04:00:00+02:00"));
    }

    @Test
    void aTimeThatSummerTimeSkipsComesAnHourLater() {
        assertThat(Cron.parse("30 2 * * *").after(vienna("2026-03-28T12:00:00+01:00"))).isEqualTo(vienna("2026-03-29T03:30:00+02:00"));
    }

    @Test
    void aTimeThatWinterTimeRepeatsComesTwice() {
        Cron cron = Cron.parse("30 2 * * *");
        ZonedDateTime first = cron.after(vienna("2026-10-24T12:00:00+02:00"));
        assertThat(first).isEqualTo(vienna("2026-10-25T02:30:00+02:00"));
        assertThat(cron.after(first)).isEqualTo(vienna("2026-10-25T02:30:00+01:00"));
        assertThat(cron.after(cron.after(first))).isEqualTo(vienna("2026-10-26T02:30:00+01:00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "0 4 * *", "61 * * * *", "0 4 * * * * *", "0 0 30 2 *", "0 4 * * noday", "x y z a b", "@daily", "0 4 * * 5-1"})
    void whatIsNoScheduleIsSaid(String text) {
        assertThatThrownBy(() -> Cron.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("as in crontab(5)");
    }
}
