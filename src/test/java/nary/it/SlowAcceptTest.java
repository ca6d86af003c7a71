package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that lose the processor in the middle of accept(2), when a connection is in no queue any more and in no process yet. */
@Tag("it")
class SlowAcceptTest {
    /** While one is being accepted the others wait in the queue: for 3 s together, so that the drain begins before the last is accepted. */
    private static final int CONNECTIONS = 8;

    /** Many times as long as a drain needs to find a worker idle. */
    private static final Duration AWAY = Duration.ofMillis(400);

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a connection on its way out of the queue, and silent so far, keeps its worker")
    void whatIsBeingAcceptedIsWaitedFor() throws Exception {
        Distribution.needsRoot(); // for the page faults of slowaccept.py
        site.asRoot();
        String app = Distribution.get().source("python/slowaccept.py").toString();
        Ran start = site.nary("start", "--settle", "0", "--", "/usr/bin/python3", app, "" + site.port(), "" + AWAY.toMillis());
        assertThat(start.exit()).as("%s", start).isZero();
        String asked = "v000";
        for (String version : List.of("v001", "v002", "v003")) {
            deployWhileAccepting(version, asked);
            asked = version;
        }
        site.assertNothingElseLives();
    }

    private void deployWhileAccepting(String version, String before) throws Exception {
        String worker = "worker " + site.status().generation() + ".0";
        long acceptedBefore = accepted();
        try (ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Wire> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) clients.add(Wire.connect(site.port()));
            Future<Ran> deploy = one.submit(() -> site.deploy("--env", "VERSION=" + version));
            Until.holds(worker + " drains", LIMIT, () -> log().contains(worker + " drains"));
            assertThat(accepted() - acceptedBefore).as("accepted before the drain: it came too late").isLessThan(CONNECTIONS);
            Until.holds("all are accepted, or " + worker + " has gone", LIMIT, () -> deploy.isDone() || accepted() == acceptedBefore + CONNECTIONS);
            assertThat(deploy.isDone()).as("the old version still drains").isFalse();
            for (Wire client : clients) {
                try (client) {
                    assertThat(client.get("/")).contains("version=" + before + " ");
                }
            }
            assertThat(deploy.get().exit()).as("%s", deploy.get()).isZero();
        }
        assertThat(log()).contains(worker + " is drained").doesNotContain("still has");
    }

    private long accepted() throws Exception {
        return Files.readString(site.directory().resolve("stdout.log")).lines().filter(it -> it.contains("accepted")).count();
    }

    private String log() throws Exception {
        return Files.readString(site.directory().resolve("nary.log"));
    }
}
