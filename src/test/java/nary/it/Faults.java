package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.Map;
import java.util.stream.Stream;
import nary.demo.load.Attempt;
import nary.demo.load.Load;
import nary.demo.load.Outcome;
import nary.demo.load.Plan;
import nary.demo.load.Recording;

/**
 * A light load on an app while something goes wrong, and what must hold whatever it was: every request accounted for, no process and no
 * descriptor left behind.
 */
final class Faults implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(30);
    /** Clients of the load; what one process has accepted of theirs can be no more. */
    static final int CLIENTS = 4;

    private final Site site;
    private final long daemon;
    private final Map<String, Long> held;
    private final Load load;

    private Faults(Site site) throws Exception {
        this.site = site;
        this.daemon = site.status().daemon();
        this.held = held(daemon);
        this.load = Load.start(Plan.of(site.port()).withClients(CLIENTS, 0).withPause(Duration.ofMillis(10)));
    }

    /** The words that start {@code faulty.js}, version v000. */
    static List<String> start(Site site, int workers, String... options) {
        List<String> words = new ArrayList<>(List.of("start", "--worker-count", "" + workers, "--env", "VERSION=v000"));
        words.addAll(Arrays.asList(options));
        words.addAll(List.of("--", "node", Distribution.get().source("node/faulty.js").toString(), "" + site.port()));
        return words;
    }

    static void started(Site site, int workers, String... options) throws IOException, InterruptedException {
        Ran ran = site.nary(start(site, workers, options).toArray(String[]::new));
        assertThat(ran.exit()).as("%s", ran).isZero();
    }

    /** From here on: what the daemon holds now is what it may hold in the end. */
    static Faults watch(Site site) throws Exception {
        return new Faults(site);
    }

    Recording end() {
        return load.stop();
    }

    /** Nobody noticed anything: each request answered, by these versions only. */
    void assertUnnoticed(String... versions) {
        Recording seen = end();
        assertThat(seen.failures()).isEmpty();
        assertThat(seen.byVersion().keySet()).isNotEmpty().isSubsetOf(versions);
    }

    /** One process died, and another took its queue over: it took along what it had accepted, and nothing else is missing. */
    void assertOneProcessLost(String... versions) {
        Recording seen = end();
        assertThat(seen.failures()).extracting(Attempt::outcome).isSubsetOf(Outcome.RESET, Outcome.CUT);
        assertThat(seen.failures()).hasSizeLessThanOrEqualTo(CLIENTS);
        assertThat(seen.byVersion().keySet()).isNotEmpty().isSubsetOf(versions);
    }

    /**
     * One process died whose queue nobody takes over, since those who serve instead have one each: it took that along, too. A client may be
     * lost twice, the second time in the queue; none is when the traffic has left the generation.
     */
    void assertOneProcessAndItsQueueLost(int generation, String... versions) throws Exception {
        Recording seen = end();
        Instant left = EventLines.of(site).of("Drained").first(generation);
        assertThat(seen.failures()).extracting(Attempt::outcome).isSubsetOf(Outcome.RESET, Outcome.CUT);
        assertThat(seen.failures()).as("lost after %s", left).allMatch(failure -> !clock(failure.begun()).isAfter(left));
        assertThat(seen.failures()).hasSizeLessThanOrEqualTo(2 * CLIENTS);
        assertThat(seen.byVersion().keySet()).isNotEmpty().isSubsetOf(versions);
    }

    private static Instant clock(long nanoTime) {
        return Instant.now().minusNanos(System.nanoTime() - nanoTime);
    }

    void assertNothingLeft() throws Exception {
        site.assertNothingElseLives();
        assertHoldsNoMore();
    }

    private void assertHoldsNoMore() throws Exception {
        Until.holds("what the daemon holds is back at " + held, Duration.ofSeconds(10), () -> {
            Map<String, Long> now = held(daemon);
            return now.entrySet().stream().allMatch(kind -> kind.getValue() <= held.getOrDefault(kind.getKey(), 0L));
        });
    }

    /** Kinds of descriptors that can leak, counted. */
    private static Map<String, Long> held(long pid) throws IOException {
        Map<String, Long> kinds = new TreeMap<>();
        for (Path descriptor : entries(pid)) {
            String target = target(descriptor);
            if (target.startsWith("/")) kinds.merge("file", 1L, Long::sum);
            for (String kind : Set.of("socket", "pipe", "anon_inode:[pidfd]")) if (target.startsWith(kind)) kinds.merge(kind, 1L, Long::sum);
        }
        return kinds;
    }

    private static List<Path> entries(long pid) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return entries.toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    @Override
    public void close() {
        load.close();
    }
}
