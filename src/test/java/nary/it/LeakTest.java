package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import nary.demo.load.Load;
import nary.demo.load.Plan;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("it")
class LeakTest {
    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("after fifty deploys the daemon holds no more descriptors, threads or processes than before")
    void fiftyDeploysLeakNothing() throws Exception {
        site.start(Server.NODE, 2, "--settle", "0.05");
        Deploys deploys = new Deploys(site);
        for (int i = 0; i < 3; i++) deploys.next();
        long daemon = site.status().daemon();
        long descriptors = entries(daemon, "fd");
        long threads = entries(daemon, "task");
        try (Load load = Load.start(Plan.of(site.port()).withClients(4, 0).withPause(Duration.ofMillis(10)))) {
            for (int i = 0; i < 50; i++) deploys.next();
            assertThat(load.stop().failures()).isEmpty();
        }
        deploys.assertHappened();
        Until.holds("descriptors are back at " + descriptors, Duration.ofSeconds(5), () -> entries(daemon, "fd") <= descriptors);
        // idle threads of the JVM's own pools come and go
        Until.holds("threads are back near " + threads, Duration.ofSeconds(5), () -> entries(daemon, "task") <= threads + 5);
    }

    private static long entries(long pid, String folder) throws Exception {
        try (var entries = Files.list(Path.of("/proc", Long.toString(pid), folder))) {
            return entries.count();
        }
    }
}
