package nary.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nary.bench.result.Grid.Pair;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
    private final Measurements measured = new Measurements();

    @Test
    void aRatioIsTakenRoundByRoundSoThatDriftCancelsOut() {
        for (int round = 1; round <= 3; round++) {
            measured.add("steady", "nary", "requests/s", round, 1000.0 * round);
            measured.add("steady", "bare", "requests/s", round, 500.0 * round);
        }
        assertThat(measured.ratio("steady", "nary", "bare", "requests/s")).contains(new Spread(2, 2, 2, 3));
    }

    @Test
    void roundsThatOneOfThemLacksDoNotCount() {
        measured.add("steady", "nary", "requests/s", 1, 10);
        measured.add("steady", "nary", "requests/s", 2, 30);
        measured.add("steady", "pm2", "requests/s", 2, 10);
        assertThat(measured.ratio("steady", "nary", "pm2", "requests/s")).contains(new Spread(3, 3, 3, 1));
        assertThat(measured.ratio("steady", "nary", "cluster", "requests/s")).isEmpty();
    }

    @Test
    void nothingIsDividedByZero() {
        measured.add("idle", "nary", "wake-ups/s", 1, 50);
        measured.add("idle", "cluster", "wake-ups/s", 1, 0);
        assertThat(measured.ratio("idle", "nary", "cluster", "wake-ups/s")).isEmpty();
    }

    @Test
    void tablesHaveARowForEachSubjectAndADashForWhatWasNotMeasured() {
        measured.add("steady", "nary", "requests/s", 1, 20);
        measured.add("steady", "bare", "requests/s", 1, 10);
        measured.add("steady", "bare", "p99 ms", 1, 3);
        assertThat(Grid.of(measured, "steady"))
                .hasToString("""
                        | steady | requests/s | p99 ms |
                        |--------|------------|--------|
                        | nary   | 20         | –      |
                        | bare   | 10         | 3      |
                        """);
        assertThat(Grid.ofRatios(measured, "steady", List.of(new Pair("nary", "bare"), new Pair("nary", "pm2"))))
                .hasToString("""
                        | ratios      | requests/s | p99 ms |
                        |-------------|------------|--------|
                        | nary / bare | 2          | –      |
                        """);
    }

    @Test
    void everyFigureIsInTheCsv() {
        measured.add("idle", "nary, 2", "MB RSS", 1, 58.5);
        assertThat(measured.csv()).isEqualTo("result,subject,metric,round,value\n\"idle\",\"nary, 2\",\"MB RSS\",1,58.5\n");
    }
}
