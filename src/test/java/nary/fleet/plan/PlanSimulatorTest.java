package nary.fleet.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Seeded runs with faults. {@code -Dnary.sim.seeds=100000} for more, {@code -Dnary.sim.seed=N} to replay one, both for so many from N on. */
class PlanSimulatorTest {
    @Test
    void everyRunKeepsTheInvariants() {
        long first = Long.getLong("nary.sim.seed", 1);
        boolean isReplay = System.getProperty("nary.sim.seed") != null;
        long seeds = Long.getLong("nary.sim.seeds", isReplay ? 1 : 200) * (isReplay ? 1 : 10);
        var verdicts = new TreeMap<String, Integer>();
        long events = 0;
        int heals = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            var simulation = new Simulation(seed, Plan::step);
            try {
                simulation.run();
                verdicts.merge(simulation.state.verdict().orElseThrow().name(), 1, Integer::sum);
                simulation.heal();
            } catch (RuntimeException violation) {
                throw new AssertionError("seed " + seed + " (replay: -Dnary.sim.seed=" + seed + "): " + violation.getMessage(), violation);
            }
            events += simulation.events;
            heals += simulation.heals;
        }
        System.out.printf("fleet simulator: seeds %d..%d, %d events, verdicts %s, %d healed%n", first, first + seeds - 1, events, verdicts, heals);
        if (!isReplay && seeds >= 2000) assertThat(verdicts).containsOnlyKeys("DONE", "DONE_IN_PART", "FAILED", "HEALED", "INTERRUPTED");
    }
}
