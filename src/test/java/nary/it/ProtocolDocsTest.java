package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every program in docs/protocols does what its page says. Those of a page run beside each other, each in a site of its own. */
@Tag("it")
class ProtocolDocsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration WATCHDOG = Duration.ofSeconds(4);

    private interface Trial {
        void run(DocExample example, Site site) throws Exception;
    }

    @Test
    @DisplayName("plain listen: ready when it listens, a deploy loses no request")
    void listen() throws Exception {
        each("protocols/listen.md", (example, site) -> {
            example.start(site, Map.of());
            AtomicBoolean isDeployed = new AtomicBoolean();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Integer> asked = threads.submit(() -> askUntil(site, isDeployed));
                assertThat(site.deploy().exit()).isZero();
                isDeployed.set(true);
                assertThat(asked.get()).isPositive();
            }
            stop(site);
        });
    }

    private static int askUntil(Site site, AtomicBoolean isOver) throws IOException {
        int asked = 0;
        for (; !isOver.get(); asked++) assertThat(site.get("/")).contains("hello from");
        return asked;
    }

    @Test
    @DisplayName("Node IPC: online, offline, shutdown")
    void nodeIpc() throws Exception {
        each("protocols/node-ipc.md", (example, site) -> {
            example.start(site, Map.of());
            goesOffline(example, site);
            stop(site);
            assertThat(log(site)).as("told on the channel, not by a signal").contains("worker 1.0#2 exited with exit code 0");
        });
    }

    @Test
    @DisplayName("nary notify: online, status, offline")
    void notifyCommand() throws Exception {
        each("protocols/notify-command.md", (example, site) -> {
            example.start(site, Map.of());
            isShown(site, "warm");
            goesOffline(example, site);
            isShown(site, "warm");
            stop(site);
        });
    }

    @Test
    @DisplayName("sd_notify: ready, status, stopping, a watchdog that is fed and one that is not, more time")
    void sdNotify() throws Exception {
        each("protocols/sd-notify.md", (example, site) -> {
            if (example.file().equals("slow.sh")) takesItsTime(example, site);
            else isWatched(example, site);
        });
    }

    private static void takesItsTime(DocExample example, Site site) throws Exception {
        long begun = System.nanoTime();
        example.start(site, Map.of());
        assertThat(since(begun)).as("longer than --boot-timeout").isGreaterThan(Duration.ofSeconds(4));
        begun = System.nanoTime();
        stop(site);
        assertThat(since(begun)).as("longer than --stop-timeout").isGreaterThan(Duration.ofSeconds(4));
        assertThat(log(site)).contains("worker 1.0 exited with exit code 0");
    }

    private static void isWatched(DocExample example, Site site) throws Exception {
        example.start(site, Map.of("--watchdog 10", "--watchdog " + WATCHDOG.toSeconds()));
        isShown(site, "warm");
        long begun = System.nanoTime();
        goesOffline(example, site);
        Until.holds("the watchdog has had its time", LIMIT, () -> since(begun).compareTo(WATCHDOG.multipliedBy(2)) > 0);
        assertThat(log(site)).as("it was fed").doesNotContain("WATCHDOG=1");
        long silent = pid(site);
        Site.signal("STOP", silent);
        isReplaced(site, silent);
        Until.holds("the hung one is killed", LIMIT, () -> log(site).contains("worker 1.0#2 is killed"));
        assertInOrder(site, "worker 1.0#2 has not said WATCHDOG=1 for 4s", "worker 1.0#2 hangs: pid " + silent + ": ", "worker 1.0#3 is ready", "worker 1.0#2 is killed");
        stop(site);
    }

    @Test
    @DisplayName("each page has an example in Node, Java, Python, Go and shell")
    void complete() throws Exception {
        for (String page : List.of("listen.md", "node-ipc.md", "sd-notify.md", "notify-command.md")) {
            List<String> languages = DocExample.of("protocols/" + page).stream().map(it -> it.language().replace("bash", "sh")).toList();
            assertThat(languages).as(page).contains("js", "java", "python", "go", "sh");
        }
    }

    /** It asks to be replaced: a successor serves first, then it is told to stop, and does. */
    private static void goesOffline(DocExample example, Site site) throws Exception {
        long before = pid(site);
        if (example.hasPort()) assertThat(site.get("/offline")).contains("hello from " + before);
        else Site.signal("USR2", before);
        isReplaced(site, before);
        assertInOrder(site, "worker 1.0 wants no new connections", "worker 1.0#2 is ready", "worker 1.0 is told to stop", "OldExit 1.0 ");
        if (example.hasPort()) assertThat(site.get("/")).contains("hello from " + pid(site));
    }

    private static void isReplaced(Site site, long before) throws Exception {
        Until.holds("another serves in its place", LIMIT, () -> {
            StatusView status = site.status();
            return status.serving().size() == 1 && status.workers().size() == 1 && !status.pids().contains(before);
        });
    }

    private static void isShown(Site site, String text) throws Exception {
        Until.holds("'" + text + "' is shown", LIMIT, () -> site.nary("status").out().contains(text));
    }

    private static void stop(Site site) throws Exception {
        Ran stop = site.nary("stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        assertThat(log(site)).doesNotContain("did not stop within");
    }

    private static void assertInOrder(Site site, String... texts) throws Exception {
        String log = log(site);
        assertThat(log).containsSubsequence(texts);
    }

    private static long pid(Site site) throws Exception {
        return site.status().serving().getFirst().pid();
    }

    private static String log(Site site) throws IOException {
        return Files.readString(site.directory().resolve("nary.log"));
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static void each(String page, Trial trial) throws Exception {
        List<Callable<Boolean>> runs = new ArrayList<>();
        for (DocExample example : DocExample.of(page)) runs.add(() -> run(example, trial));
        assertThat(runs).isNotEmpty();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Throwable> failures = new ArrayList<>();
            for (Future<Boolean> run : threads.invokeAll(runs)) note(run, failures);
            AssertionError failed = new AssertionError("examples of " + page + ": " + failures);
            failures.forEach(failed::addSuppressed);
            if (!failures.isEmpty()) throw failed;
        }
    }

    private static void note(Future<Boolean> run, List<Throwable> failures) throws InterruptedException {
        try {
            run.get();
        } catch (ExecutionException e) {
            failures.add(e.getCause());
        }
    }

    private static boolean run(DocExample example, Trial trial) throws Exception {
        Site site = Site.another();
        boolean isDone = false;
        try {
            trial.run(example, site);
            isDone = true;
        } catch (Exception | AssertionError e) {
            throw new AssertionError(example.toString(), e);
        } finally {
            if (!isDone) site.explain(example.toString());
            site.close();
        }
        return true;
    }
}
