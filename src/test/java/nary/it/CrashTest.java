package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nary.config.Strategy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows the end of a worker that nobody told to stop. */
@Tag("it")
class CrashTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    final Site site = new Site();

    @ParameterizedTest(name = "respawn always: a worker that exits with {0} is replaced in its slot")
    @ValueSource(ints = {0, 3})
    void respawnAlways(int code) throws Exception {
        Moody.start(site, 2);
        StatusView before = site.status();
        site.get("/exit?code=" + code);
        site.holds("it is replaced", LIMIT, now -> isWhole(now) && !now.pids().equals(before.pids()));
        assertThat(site.status().workers()).extracting(StatusView.Row::restarts).containsExactlyInAnyOrder(0, 1);
        site.assertNothingElseLives();
    }

    /** Two serve, and nobody else is there. */
    private static boolean isWhole(StatusView now) {
        return now.serving().size() == 2 && now.workers().size() == 2;
    }

    @Test
    @DisplayName("respawn on-failure: a failure is replaced, exit code 0 is not; when all have finished nary ends with 0")
    void respawnOnFailure() throws Exception {
        Moody.start(site, 2, "--respawn", "on-failure");
        StatusView before = site.status();
        site.get("/exit?code=3");
        site.holds("the failed one is replaced", LIMIT, now -> now.serving().size() == 2 && !now.pids().equals(before.pids()));
        site.get("/exit?code=0");
        site.holds("one is left", LIMIT, now -> now.workers().size() == 1 && now.serving().size() == 1);
        site.get("/exit?code=0");
        site.assertNothingLives();
        assertThat(Files.readString(site.directory().resolve("nary.log"))).contains("every worker has finished");
    }

    @Test
    @DisplayName("on-crash exit: one failure stops all gracefully, and nary exits with the worker's status")
    void oneForAll() throws Exception {
        Running running = site.spawn(site.directory(), foreground("--on-crash", "exit"));
        Until.holds("two serve", LIMIT, () -> running.isAlive() && Files.exists(site.directory().resolve("nary.ipc")) && isServing());
        site.get("/exit?code=0");
        Until.holds("exit code 0 is no failure", LIMIT, this::isServing);
        site.get("/exit?code=5");
        Ran ran = running.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(5);
        site.assertNothingLives();
    }

    @Test
    @DisplayName("on-crash exit: a worker ended by a signal gives 128 and the signal")
    void oneForAllBySignal() throws Exception {
        Running running = site.spawn(site.directory(), foreground("--on-crash", "exit"));
        Until.holds("two serve", LIMIT, () -> running.isAlive() && Files.exists(site.directory().resolve("nary.ipc")) && isServing());
        Site.signal("KILL", site.status().workers().getFirst().pid());
        Ran ran = running.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(137);
        site.assertNothingLives();
    }

    private String[] foreground(String... options) {
        String[] words = Moody.words(site, 2, options);
        String[] all = new String[words.length + 2];
        all[0] = words[0];
        all[1] = "--daemon-mode";
        all[2] = "false";
        System.arraycopy(words, 1, all, 3, words.length - 1);
        return all;
    }

    private boolean isServing() throws Exception {
        Ran status = site.nary("status", "--json");
        return status.exit() == 0 && StatusView.of(status.out()).serving().size() == 2;
    }

    @Test
    @DisplayName("200 connections in the queue of a stopped worker are all answered by its successor when it is killed")
    void theQueueIsInherited() throws Exception {
        Moody.start(site, 1);
        long victim = site.status().workers().getFirst().pid();
        Site.signal("STOP", victim);
        List<Wire> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Wire wire = Wire.connect(site.port());
            wire.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            waiting.add(wire);
        }
        assertThat(site.nary("status").out()).contains(" 200/");
        Site.signal("KILL", victim);
        for (Wire wire : waiting) {
            assertThat(wire.answer()).contains("version=v000 ").doesNotContain("pid=%010d".formatted(victim));
            wire.close();
        }
        site.assertNothingElseLives();
    }

    @Test
    @DisplayName("a crash loop backs off, says when it tries again, and never gives up")
    void crashLoop() throws Exception {
        Moody.start(site, 1);
        for (int i = 0; i < 4; i++) {
            int crashes = i;
            site.holds("it serves again", LIMIT, now -> now.serving().size() == 1 && now.workers().getFirst().restarts() == crashes);
            site.get("/exit?code=1");
        }
        Until.holds("it waits for its next try", LIMIT, () -> site.nary("status").out().contains("exited, next try in"));
        Until.holds("it serves again", LIMIT, () -> site.status().serving().size() == 1);
        assertThat(Files.readString(site.directory().resolve("nary.log"))).contains("next try in 0.1s", "next try in 0.2s", "next try in 0.4s");
        site.assertNothingElseLives();
    }

    @ParameterizedTest(name = "deploy {0}: what waits for a version in a crash loop is answered by the one that mends it")
    @EnumSource(Strategy.class)
    void theNextVersionInherits(Strategy strategy) throws Exception {
        Path doom = site.directory().resolve("doom");
        Moody.start(site, 1, "--env", "MOOD=doomed:all", "--env", "RELEASE=" + doom);
        Files.createFile(doom);
        Site.signal("KILL", site.status().workers().getFirst().pid());
        Until.holds("it backs off", LIMIT, () -> Files.readString(site.directory().resolve("nary.log")).contains("next try in 0.8s"));
        List<Wire> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Wire wire = Wire.connect(site.port());
            wire.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            waiting.add(wire);
        }
        Ran deploy = site.deploy("--strategy", strategy.text(), "--env", "MOOD=", "--env", "VERSION=v001");
        assertThat(deploy.exit()).as("%s", deploy).isZero();
        for (Wire wire : waiting) {
            assertThat(wire.answer()).contains("version=v001 ");
            wire.close();
        }
        site.assertNothingElseLives();
    }
}
