package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nary does by the name of naught where naught's own tests do not look, and where naught had it wrong. */
@Tag("it")
class NaughtTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SERVER = Distribution.get().built("naught/server.cjs").toString();

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("help on stdout, usage errors on stderr with exit code 1")
    void usage() throws Exception {
        Ran help = site.naught("help", "deploy");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).startsWith("naught deploy [options] [ipc-file]\n").contains("--override-env true");
        assertThat(help.err()).isEmpty();
        Ran all = site.naught("help");
        assertThat(all.exit()).isZero();
        assertThat(all.err()).contains("naught start [options] server.js", "naught deploy-abort [ipc-file]");
        for (List<String> wrong : List.of(List.<String>of(), List.of("begin"))) {
            Ran ran = site.naught(wrong.toArray(String[]::new));
            assertThat(ran.exit()).isEqualTo(1);
            assertThat(ran.err()).isEqualTo(all.err());
        }
        for (List<String> wrong : List.of(
                List.of("start"), List.of("start", "--worker-count", "x", "a.js"), List.of("start", "--worker-count"), List.of("stop", "a", "b"),
                List.of("status", "a", "b"), List.of("deploy", "--color", "red"), List.of("version", "now"))) {
            Ran ran = site.naught(wrong.toArray(String[]::new));
            assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
            assertThat(ran.err()).as("%s", ran).startsWith("naught " + wrong.getFirst());
            assertThat(ran.out()).isEmpty();
        }
    }

    @Test
    @DisplayName("without a server: said on stderr; a stop is no error")
    void notRunning() throws Exception {
        for (List<String> words : List.of(List.of("status"), List.of("deploy"), List.of("deploy-abort"), List.of("stop"))) {
            Ran ran = site.naught(words.toArray(String[]::new));
            assertThat(ran.err()).isEqualTo("server not running\n");
            assertThat(ran.exit()).as("%s", ran).isEqualTo(words.contains("stop") ? 0 : 1);
        }
    }

    @Test
    @DisplayName("a dead daemon's ipc file is said, and removed where that is asked for")
    void deadDaemon() throws Exception {
        start();
        for (long pid : site.processes()) Site.signal("KILL", pid);
        site.assertNothingLives();
        String dead = "unable to connect to ipc-file `naught.ipc`\n\n1. the ipc file specified is invalid, or\n2. the daemon process died unexpectedly\n";
        for (String verb : List.of("status", "stop", "deploy")) {
            Ran ran = site.naught(verb);
            assertThat(ran.err()).isEqualTo(dead);
            assertThat(ran.exit()).isEqualTo(1);
        }
        assertThat(site.naught("start", SERVER).err()).isEqualTo(dead);
        Ran again = site.naught("start", "--remove-old-ipc", "true", SERVER);
        assertThat(again.exit()).as("%s", again).isZero();
        assertThat(again.err()).startsWith("unable to connect to ipc-file `naught.ipc`\n\nremoving the ipc-file and attempting to continue\nBootup.");
        stop();
    }

    @Test
    @DisplayName("a hanging deploy: status says it, a second deploy waits for it, deploy-abort ends it, the old version serves on")
    void hangingDeploy() throws Exception {
        start();
        export("v1", "SILENT", "1");
        Running hanging = site.spawnNaught("deploy");
        Until.holds("it boots", LIMIT, () -> hanging.saidSoFar().contains("SpawnNew"));
        Ran status = site.naught("status");
        assertThat(status.out()).isEqualTo("deploy in progress\nbooting: 1, online: 1, dying: 0, new_online: 0\n");
        assertThat(status.exit()).isZero();
        Running second = site.spawnNaught("deploy");
        Until.holds("it is told", LIMIT, () -> second.saidSoFar().contains("Deploy already in progress. Press Ctrl+C to abort.\n"));
        Ran abort = site.naught("deploy-abort");
        assertThat(abort.err()).isEqualTo("DestroyNew. booting: 0, online: 1, dying: 0, new_online: 0\n"
                + "NewDestroyed. booting: 0, online: 1, dying: 0, new_online: 0\ndeploy aborted\n");
        assertThat(abort.exit()).isZero();
        for (Running running : List.of(hanging, second)) {
            Ran ran = running.await(LIMIT);
            assertThat(ran.err()).as("%s", ran).endsWith("NewDestroyed. booting: 0, online: 1, dying: 0, new_online: 0\ndone\n");
            assertThat(ran.exit()).isZero();
        }
        assertThat(site.get("/")).contains("version=v0 ");
        Ran none = site.naught("deploy-abort");
        assertThat(none.err()).isEqualTo("no deploy in progress\n");
        assertThat(none.exit()).isEqualTo(1);
        stop();
    }

    @Test
    @DisplayName("Ctrl+C aborts a deploy")
    void interrupted() throws Exception {
        start();
        export("v1", "SILENT", "1");
        Running deploy = site.spawnNaught("deploy");
        Until.holds("it boots", LIMIT, () -> deploy.saidSoFar().contains("SpawnNew"));
        deploy.interrupt();
        Ran ran = deploy.await(LIMIT);
        assertThat(ran.err()).contains("aborting deploy\nDestroyNew.", "NewDestroyed.").endsWith("done\n");
        assertThat(ran.exit()).isZero();
        stop();
    }

    @Test
    @DisplayName("a deploy that times out while the new workers boot fails, and ends them even if they ignore SIGTERM")
    void timedOutNew() throws Exception {
        start();
        export("v1", "SILENT", "1", "DEAF", "1");
        Ran ran = site.naught("deploy", "--timeout", "1");
        assertThat(ran.err()).isEqualTo("SpawnNew. booting: 1, online: 1, dying: 0, new_online: 0\nTimeout. booting: 1, online: 1, dying: 0, new_online: 0\n"
                + "DestroyNew. booting: 0, online: 1, dying: 0, new_online: 0\nNewDestroyed. booting: 0, online: 1, dying: 0, new_online: 0\n");
        assertThat(ran.out()).isEqualTo("Deploy failed. Check stderr.log and usage of 'online' and 'shutdown' events.\n");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(Files.readString(site.directory().resolve("stderr.log"))).contains("deaf");
        assertThat(site.get("/")).contains("version=v0 ");
        stop();
    }

    @Test
    @DisplayName("a deploy that times out while the old workers shut down has succeeded, and says so")
    void timedOutOld() throws Exception {
        start("HANG", "1");
        site.withdraw("HANG");
        site.export("HANG", "");
        export("v1");
        Ran ran = site.naught("deploy", "--timeout", "2");
        assertThat(ran.err()).contains("Timeout. booting: 0, online: 0, dying: 1, new_online: 1\nDestroyOld. booting: 0, online: 0, dying: 1, new_online: 1\n"
                + "OldExit. booting: 0, online: 0, dying: 0, new_online: 1\n", "the new version serves").endsWith("done\n");
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(site.get("/")).contains("version=v1 ");
        stop();
    }

    @Test
    @DisplayName("a stop that hangs: status says it, a second stop is told, and its timeout kills what ignores SIGTERM")
    void hangingStop() throws Exception {
        start("HANG", "1", "DEAF", "1");
        Running hanging = site.spawnNaught("stop");
        Until.holds("it is told", LIMIT, () -> hanging.saidSoFar().contains("ShutdownOld"));
        assertThat(site.naught("status").out()).isEqualTo("shutting down\nbooting: 0, online: 0, dying: 1, new_online: 0\n");
        Ran second = site.naught("stop", "--timeout", "0.2");
        assertThat(second.err()).isEqualTo("""
                Waiting for shutdown already in progress.
                If it hangs, Ctrl+C this command and try it again with --timeout 1
                Timeout. booting: 0, online: 0, dying: 1, new_online: 0
                DestroyOld. booting: 0, online: 0, dying: 1, new_online: 0
                OldExit. booting: 0, online: 0, dying: 0, new_online: 0
                """);
        assertThat(second.exit()).isZero();
        Ran first = hanging.await(LIMIT);
        assertThat(first.exit()).isZero();
        assertThat(first.err()).doesNotContain("Waiting for shutdown");
        assertThat(Files.readString(site.directory().resolve("stdout.log"))).contains("told to shut down");
        assertThat(site.directory().resolve("naught.pid")).doesNotExist();
        assertThat(site.directory().resolve("naught.ipc")).doesNotExist();
    }

    @Test
    @DisplayName("a crash in a deploy is counted and made good; crashes in a row back off")
    void crashes() throws Exception {
        start();
        crash();
        Until.holds("another serves", LIMIT, () -> log().endsWith("WorkerDeath. booting: 1, online: 0, dying: 0, new_online: 0\n"
                + "WorkerOnline. booting: 0, online: 1, dying: 0, new_online: 0\nReady. booting: 0, online: 1, dying: 0, new_online: 0\n"));
        export("v1", "SILENT", "1");
        Running deploy = site.spawnNaught("deploy");
        Until.holds("it boots", LIMIT, () -> deploy.saidSoFar().contains("SpawnNew"));
        crash();
        Until.holds("another serves", LIMIT, () -> deploy.saidSoFar().contains("WorkerOnline. booting: 1, online: 1, dying: 0, new_online: 0\n"));
        assertThat(deploy.saidSoFar()).contains("WorkerDeath. booting: 1, online: 0, dying: 0, new_online: 0\nSpawnNew. booting: 2, online: 0,");
        assertThat(log()).contains("Warning: slot 0 has lost 2 workers in short time; next try in 0.1s\n");
        assertThat(site.naught("deploy-abort").exit()).isZero();
        assertThat(deploy.await(LIMIT).exit()).isZero();
        assertThat(site.get("/")).contains("version=v0 ");
        stop();
    }

    @Test
    @DisplayName("a new version that dies leaves the old ones untouched")
    void badVersion() throws Exception {
        start();
        export("v1", "DIE", "1");
        Ran ran = site.naught("deploy");
        assertThat(ran.err()).isEqualTo("SpawnNew. booting: 1, online: 1, dying: 0, new_online: 0\nNewDeath. booting: 0, online: 1, dying: 0, new_online: 0\n");
        assertThat(ran.out()).isEqualTo("Deploy failed. Check stderr.log and usage of 'online' and 'shutdown' events.\n");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(log()).endsWith("DeployFailed. booting: 0, online: 1, dying: 0, new_online: 0\n");
        assertThat(site.get("/")).contains("version=v0 ");
        stop();
    }

    @Test
    @DisplayName("a deploy's environment is merged, stays for respawns and SIGHUP, and removes nothing; --override-env false sends none")
    void environment() throws Exception {
        start("KEPT", "1");
        site.withdraw("KEPT");
        export("v1");
        assertThat(site.naught("deploy").exit()).isZero();
        assertThat(site.get("/env")).contains("\"VERSION\":\"v1\"", "\"KEPT\":\"1\"");
        crash();
        Until.holds("another serves", LIMIT, () -> log().endsWith("Ready. booting: 0, online: 1, dying: 0, new_online: 0\n") && log().contains("WorkerOnline"));
        assertThat(site.get("/env")).contains("\"VERSION\":\"v1\"");
        export("v2");
        assertThat(site.naught("deploy", "--override-env", "false").exit()).isZero();
        assertThat(site.get("/env")).contains("\"VERSION\":\"v1\"");
        long daemon = Long.parseLong(Files.readString(site.directory().resolve("naught.pid")).strip());
        int deploys = count(log(), "OldExit");
        Site.signal("HUP", daemon);
        Until.holds("SIGHUP deploys", LIMIT, () -> count(log(), "OldExit") > deploys && log().endsWith("Ready. booting: 0, online: 1, dying: 0, new_online: 0\n"));
        assertThat(site.get("/env")).contains("\"VERSION\":\"v1\"");
        stop();
    }

    @Test
    @DisplayName("a status beside a deploy disturbs nobody, and deploys are as many workers as are asked for")
    void manyClients() throws Exception {
        start();
        List<Running> all = new ArrayList<>();
        all.add(site.spawnNaught("deploy", "--worker-count", "3"));
        for (int i = 0; i < 4; i++) all.add(site.spawnNaught("status"));
        for (Running each : all) assertThat(each.await(LIMIT).exit()).isZero();
        assertThat(site.naught("status").out()).isEqualTo("workers online: 3\n");
        assertThat(site.naught("deploy", "--worker-count", "auto").exit()).isZero();
        assertThat(site.naught("status").out()).isEqualTo("workers online: " + Runtime.getRuntime().availableProcessors() + "\n");
        stop();
    }

    @Test
    @DisplayName("in the foreground - is its own stream, /dev/null none; SIGTERM stops with exit code 0")
    void foreground() throws Exception {
        site.export("PORT", "" + site.port());
        site.export("VERSION", "v0");
        Running running = site.spawnNaught("start", "--daemon-mode", "no", "--log", "-", "--stdout", "-", "--stderr", "/dev/null", "--node-args",
                " --no-warnings  --stack-size=900 ", SERVER, "--one", "two words");
        Until.holds("it serves", LIMIT, () -> running.saidSoFar().contains("Ready. booting: 0, online: 1, dying: 0, new_online: 0\n"));
        assertThat(site.get("/")).contains("args=--one,two words node=--no-warnings,--stack-size=900 ");
        assertThat(site.naught("start", SERVER).out()).isEqualTo("workers online: 1\n");
        Site.signal("TERM", Long.parseLong(Files.readString(site.directory().resolve("naught.pid")).strip()));
        Ran ran = running.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.out()).isEqualTo("listening v0\ntold to shut down\n");
        assertThat(ran.err()).startsWith("Bootup.").endsWith("Shutdown. booting: 0, online: 0, dying: 0, new_online: 0\n");
        assertThat(site.directory().resolve("-")).doesNotExist();
        assertThat(site.directory().resolve("stdout.log")).doesNotExist();
    }

    @Test
    @DisplayName("what is in the way of a start is said in one line; the pid file lies in the daemon's directory")
    void files() throws Exception {
        Ran nowhere = site.naught("start", "--cwd", "nowhere", SERVER);
        assertThat(nowhere.err()).isEqualTo("unable to start daemon: ENOENT, chdir '" + site.directory().resolve("nowhere") + "'\n");
        assertThat(nowhere.exit()).isEqualTo(1);
        Files.writeString(site.directory().resolve("file"), "");
        Ran file = site.naught("start", "--log", "file/naught.log", SERVER);
        assertThat(file.err()).isEqualTo("unable to start daemon: EEXIST, mkdir '" + site.directory().resolve("file") + "'\n");
        assertThat(file.exit()).isEqualTo(1);
        Path folder = site.folder("app");
        site.export("PORT", "" + site.port());
        Ran ran = site.naught("start", "--cwd=app", "--log=/dev/null", "--stdout", "out/1.log", SERVER);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(folder.resolve("naught.pid")).exists();
        assertThat(site.directory().resolve("out/1.log")).exists();
        assertThat(site.directory().resolve("naught.log")).doesNotExist();
        stop();
    }

    @Test
    @DisplayName("offline workers outlive the deploy and are ended with the app")
    void offline() throws Exception {
        start();
        Matcher old = pid(site.get("/offline"));
        Until.holds("another serves", LIMIT, () -> log().endsWith("Ready. booting: 0, online: 1, dying: 1, new_online: 0\n"));
        assertThat(log()).contains("WorkerOffline. booting: 0, online: 0, dying: 1, new_online: 0\nSpawnNew. booting: 1, online: 0, dying: 1, new_online: 0\n");
        export("v1");
        Ran deploy = site.naught("deploy", "--worker-count", "2");
        assertThat(deploy.exit()).isZero();
        assertThat(deploy.err()).endsWith("OldExit. booting: 0, online: 0, dying: 1, new_online: 2\ndone\n");
        assertThat(Path.of("/proc", old.group(1))).exists();
        Ran stop = site.naught("stop");
        assertThat(stop.err()).startsWith("ShutdownOld. booting: 0, online: 1, dying: 2, new_online: 0\n").endsWith("OldExit. booting: 0, online: 0, dying: 1, new_online: 0\n");
        site.assertNothingLives();
    }

    @Test
    @DisplayName("nary install makes a link, and overwrites nothing")
    void install() throws Exception {
        Path folder = site.folder("bin");
        assertThat(site.nary("install", "--as", "naught", folder.toString()).exit()).isZero();
        assertThat(Files.readSymbolicLink(folder.resolve("naught"))).isEqualTo(site.launcher());
        assertThat(site.nary("install", "--as", "naught", folder.toString()).exit()).isZero();
        Files.delete(folder.resolve("naught"));
        Files.writeString(folder.resolve("naught"), "mine");
        Ran refused = site.nary("install", "--as", "naught", folder.toString());
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err()).contains("is there already");
        assertThat(folder.resolve("naught")).hasContent("mine");
        assertThat(site.nary("install", "--as", "pm2", folder.toString()).exit()).isEqualTo(2);
    }

    private void start(String... variables) throws Exception {
        export("v0", variables);
        Ran ran = site.naught("start", SERVER);
        assertThat(ran.exit()).as("%s", ran).isZero();
        assertThat(ran.out()).isEqualTo("workers online: 1\n");
    }

    private void export(String version, String... variables) {
        site.export("PORT", "" + site.port());
        site.export("VERSION", version);
        for (int i = 0; i < variables.length; i += 2) site.export(variables[i], variables[i + 1]);
    }

    private void stop() throws Exception {
        Ran ran = site.naught("stop", "--timeout", "20");
        assertThat(ran.exit()).as("%s", ran).isZero();
        site.assertNothingLives();
    }

    /** The answer is a reset. */
    private void crash() throws Exception {
        try (Wire wire = Wire.connect(site.port())) {
            wire.send("GET /crash HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            wire.answer();
        } catch (java.io.IOException reset) {
            // that is what a crash looks like
        }
    }

    private String log() throws java.io.IOException {
        return Files.readString(site.directory().resolve("naught.log"));
    }

    private static int count(String text, String word) {
        return text.split(word, -1).length - 1;
    }

    private static Matcher pid(String answer) {
        Matcher matcher = Pattern.compile("pid=([0-9]+) ").matcher(answer);
        assertThat(matcher.find()).as(answer).isTrue();
        return matcher;
    }
}
