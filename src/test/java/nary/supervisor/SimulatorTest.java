package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Seeded schedules with faults. {@code -Dnary.sim.seeds=100000} for more, {@code -Dnary.sim.seed=N} to replay one, both for so many from N on.
 */
class SimulatorTest {
    @Test
    void everyScheduleKeepsTheInvariants() {
        long first = Long.getLong("nary.sim.seed", 1);
        boolean isReplay = System.getProperty("nary.sim.seed") != null;
        long seeds = Long.getLong("nary.sim.seeds", isReplay ? 1 : 200);
        long started = System.nanoTime();
        long events = 0;
        var outcomes = new TreeMap<String, Integer>();
        for (long seed = first; seed < first + seeds; seed++) {
            var simulation = new Simulation(seed, Supervisor::step);
            try {
                simulation.run();
            } catch (Invariants.Violation violation) {
                throw new AssertionError("seed " + seed + " (replay: -Dnary.sim.seed=" + seed + "): " + violation.getMessage(), violation);
            }
            events += simulation.events();
            simulation.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        System.out.printf("simulator: seeds %d..%d, %d events, %.0f seeds/s, replies %s%n", first, first + seeds - 1, events, seeds / seconds, outcomes);
        if (!isReplay && seeds >= 200) assertThat(outcomes).containsKeys("Done", "Failed", "Refused", "TimedOut", "Aborted");
    }

    @Test
    void equalSeedsGiveEqualSchedules() {
        var one = new Simulation(42, Supervisor::step);
        var other = new Simulation(42, Supervisor::step);
        one.run();
        other.run();
        assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
    }
}
