package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** nary as the first process of a container: a PID namespace with its own /proc. */
@Tag("it")
class ContainerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ORPHANS = 5;

    @RegisterExtension
    final Site site = new Site();

    @BeforeEach
    void namespace() {
        Distribution.needsRoot();
        site.asRoot("unshare", "--pid", "--fork", "--mount-proc");
    }

    private Running start(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("start", "--daemon-mode", "false", "--stdout", "-", "--stderr", "-", "--"));
        words.addAll(List.of(command));
        return site.spawn(site.directory(), words.toArray(String[]::new));
    }

    /** As the host sees it. */
    private static long firstProcess(Running container) {
        return ProcessHandle.of(container.pid()).orElseThrow().children().findFirst().orElseThrow().pid();
    }

    /** The states of a process's children, zombies included: proc_pid_stat(5). */
    private static List<String> children(long parent) throws IOException {
        List<String> states = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.filter(path -> path.getFileName().toString().matches("\\d+")).toList()) {
                try {
                    String stat = Files.readString(process.resolve("stat"));
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    if (fields[1].equals("" + parent)) states.add(fields[0]);
                } catch (IOException gone) {
                    // it ended meanwhile
                }
            }
        }
        return states;
    }

    @Test
    @DisplayName("as PID 1 it reaps orphans; SIGTERM lets a request end and the container with 0; a deploy works")
    void firstProcess() throws Exception {
        String server = Distribution.get().source("python/server.py").toString();
        String orphans = "for i in $(seq " + ORPHANS + "); do (setsid sleep 1 &); done; exec /usr/bin/python3 \"$@\"";
        Running container = start("sh", "-c", orphans, "sh", server, "" + site.port());
        Until.holds("it is up", LIMIT, () -> container.saidSoFar().contains("1 worker online"));
        site.asRoot();
        long nary = firstProcess(container);
        assertThat(Files.readString(Path.of("/proc/" + nary + "/status"))).containsPattern("NSpid:\\s+" + nary + "\\s+1\n");
        assertThat(site.status().daemon()).as("its own number").isEqualTo(1);
        Until.holds("the orphans have ended and are reaped", LIMIT, () -> children(nary).size() == 1);
        assertThat(site.nary("status").out()).contains("serving");

        Site.signal("HUP", nary);
        site.holds("generation 2 serves alone", LIMIT, now -> now.generation() == 2 && now.state().equals("online"));
        Until.holds("all have ended but the worker", LIMIT, () -> children(nary).size() == 1);

        CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> slow(site));
        Until.holds("the request is under way", LIMIT, () -> site.status().serving().getFirst().connections() == 1);
        Site.signal("TERM", nary);
        assertThat(slow.get()).contains("worker=0");
        Ran ran = container.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.said()).contains("stopped by SIGTERM");
        site.assertNothingLives();
    }

    private static String slow(Site site) {
        try {
            return site.get("/slow?ms=2000");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("a container whose app cannot start ends with 1, and its log has the app's last words")
    void cannotStart() throws Exception {
        Ran ran = start("sh", "-c", "echo boom: no database >&2; exit 7").await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
        assertThat(ran.said()).contains("boom: no database", "exit code 7 before it was ready");
        site.assertNothingLives();
    }
}
