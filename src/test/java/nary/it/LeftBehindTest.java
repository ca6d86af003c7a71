package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import nary.it.StatusView.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that do not end when they are asked to: workers, and what they started. */
@Tag("it")
class LeftBehindTest {
    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("workers that ignore SIGTERM are killed when the app is stopped, at the stop timeout")
    void deafWorkersAreKilledByStop() throws Exception {
        Faults.started(site, 2, "--stop-timeout", "1", "--env", "MISBEHAVE=ignore-term");
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        site.assertNothingLives();
        assertThat(site.directory().resolve("stdout.log")).content().contains("SIGTERM ignored");
    }

    @Test
    @DisplayName("children that left the worker's process group and hear no signal end with their worker: crash, deploy, stop")
    void childrenEndWithTheirWorker() throws Exception {
        Faults.started(site, 1, "--settle", "0.1", "--stop-timeout", "0.5", "--env", "FAULT=family");
        try (Faults faults = Faults.watch(site)) {
            Set<Long> first = family();
            Row victim = site.status().workers().getFirst();
            Site.signal("KILL", victim.pid());
            Until.holds("it is replaced, its children are gone", Faults.LIMIT, () -> {
                Set<Long> now = site.processes();
                return now.stream().noneMatch(first::contains) && site.status().serving().size() == 1 && family().size() == first.size();
            });
            faults.assertOneProcessLost("v000");
            Ran deploy = site.deploy("--env", "VERSION=v001", "--env", "FAULT=");
            assertThat(deploy.exit()).as("%s", deploy).isZero();
            faults.assertNothingLeft();
        }
        Ran again = site.deploy("--env", "FAULT=family");
        assertThat(again.exit()).as("%s", again).isZero();
        assertThat(family()).hasSizeGreaterThan(1);
        assertThat(site.nary("stop").exit()).isZero();
        site.assertNothingLives();
    }

    /** The processes of the workers, once there are all: the worker and its deaf shells. */
    private Set<Long> family() throws Exception {
        Until.holds("the children run", Faults.LIMIT, () -> workersProcesses().size() >= 5);
        return workersProcesses();
    }

    private Set<Long> workersProcesses() throws Exception {
        Set<Long> all = new TreeSet<>(site.processes());
        all.remove(site.status().daemon());
        return all;
    }
}
