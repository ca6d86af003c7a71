package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import nary.it.StatusView.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Directories that are deleted under a running app. */
@Tag("it")
class LostDirectoryTest {
    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("the app's directory is gone: a deploy fails and says so, a crashed worker comes back with the directory, the rest serves")
    void theAppsDirectory() throws Exception {
        Path app = site.folder("app");
        Faults.started(site, 2, "--cwd", app.toString());
        try (Faults faults = Faults.watch(site)) {
            Files.delete(app);
            Ran deploy = site.deploy("--env", "VERSION=v001");
            assertThat(deploy.exit()).as("%s", deploy).isEqualTo(1);
            assertThat(deploy.err().lines()).containsExactly(
                    "the directory " + app + " is not there: deploy into it first, or name another with --cwd");

            Row victim = site.status().workers().getFirst();
            Site.signal("KILL", victim.pid());
            String reason = "1." + victim.slot() + "#2 could not be started: chdir " + app + ": ENOENT";
            Until.holds("the log says why", Faults.LIMIT, () -> log().contains(reason));
            assertThat(log().lines().filter(line -> line.contains(reason))).hasSize(1);
            assertThat(site.status().serving()).extracting(Row::slot).containsExactly(1 - victim.slot());
            site.folder("app");
            Until.holds("both serve again", Faults.LIMIT, () -> site.status().serving().size() == 2);
            faults.assertOneProcessLost("v000");
            faults.assertNothingLeft();
        }
        assertThat(site.deploy("--env", "VERSION=v001").exit()).isZero();
    }

    @Test
    @DisplayName("the directory with control socket and logs is gone: every command still finds the daemon, deploys are done")
    void theDaemonsDirectory() throws Exception {
        Path lost = site.folder("lost");
        String ipc = lost.resolve("nary.ipc").toString();
        List<String> words = Faults.start(site, 2, "--ipc-file", ipc);
        Ran start = site.nary(words.toArray(String[]::new));
        assertThat(start.exit()).as("%s", start).isZero();
        try (var files = Files.walk(lost)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
        Ran deploy = site.deploy("--env", "VERSION=v001", ipc);
        assertThat(deploy.exit()).as("%s", deploy).isZero();
        assertThat(site.get("/")).contains("version=v001 ");
        StatusView status = StatusView.of(site.nary("status", "--json", ipc).out());
        assertThat(status.serving()).hasSize(2);
        Ran stop = site.nary("stop", ipc);
        assertThat(stop.exit()).as("%s", stop).isZero();
        site.assertNothingLives();
    }

    @Test
    @DisplayName("commands that are typed in a deleted directory find the daemon that was started there, or say that there is none")
    void theTypistsDirectory() throws Exception {
        Path gone = site.folder("gone");
        Ran none = fromDeleted(gone, "status");
        assertThat(none.exit()).as("%s", none).isEqualTo(4);
        assertThat(none.err().lines()).as("%s", none).last().asString().contains("no daemon runs here").contains(gone.toString());

        site.folder("gone");
        String server = Distribution.get().source("node/server.js").toString();
        Ran start = site.nary(gone, "start", "--", "node", server, "" + site.port());
        assertThat(start.exit()).as("%s", start).isZero();
        Ran stop = fromDeleted(gone, "stop");
        assertThat(stop.exit()).as("%s", stop).isZero();
        site.assertNothingLives();
    }

    private Ran fromDeleted(Path directory, String verb) throws Exception {
        List<String> there = List.of("bash", "-c", "cd '" + directory + "' && rm -r '" + directory + "' && exec \"$@\"", "bash");
        return site.spawnUnder(there, site.directory(), verb).await(Faults.LIMIT);
    }

    private String log() throws Exception {
        return Files.readString(site.directory().resolve("nary.log"));
    }
}
