package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another user of the machine, neither root nor the one who runs nary. */
@Tag("it")
class StrangerTest {
    private static final int STRANGER = 64_321;

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("another user can neither connect to a daemon, nor read its environment, nor change its files, nor fill it up")
    void nothingSucceeds() throws Exception {
        openTheDoor();
        Faults.started(site, 1, "--settle", "0.1", "--env", "SECRET=a-secret-of-the-app");
        try (Faults faults = Faults.watch(site)) {
            StatusView status = site.status();
            String pids = status.daemon() + " " + status.workers().getFirst().pid();
            Process stranger = stranger("stranger.py", (site.directory() + " " + pids + " " + site.port()).split(" "));
            List<String> said = stranger.inputReader().lines().toList();
            assertThat(said).filteredOn(line -> !line.startsWith("refused ")).containsExactly("done");
            assertThat(said).filteredOn("refused connect Permission denied"::equals).hasSize(500);
            Ran deploy = site.deploy("--env", "VERSION=v001");
            assertThat(deploy.exit()).as("%s", deploy).isZero();
            faults.assertUnnoticed("v000", "v001");
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("another user who holds the name of an address claim keeps nobody from starting, and a second nary is still refused")
    void aSquatter() throws Exception {
        int uid = (Integer) Files.getAttribute(site.directory(), "unix:uid");
        Process squatter = stranger("squatter.py", "" + uid, "[::]:" + site.port());
        try {
            assertThat(squatter.inputReader().readLine()).isEqualTo("held");
            Faults.started(site, 1);
            assertThat(site.get("/")).contains("version=v000 ");
            Site other = Site.another();
            try {
                Ran second = other.nary(
                        "start", "--", "node", Distribution.get().source("node/server.js").toString(), "" + site.port());
                assertThat(second.exit()).as("%s", second).isEqualTo(1);
                assertThat(second.err()).contains("[::]:" + site.port() + " is in use by pid");
                other.assertNothingLives();
            } finally {
                other.close();
            }
            assertThat(site.get("/")).contains("version=v000 ");
        } finally {
            squatter.destroyForcibly().waitFor();
        }
    }

    /** The directory is for everybody to look into, as it often is; new files as umask 022 makes them. */
    private void openTheDoor() throws IOException {
        Files.setPosixFilePermissions(site.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Process stranger(String script, String... arguments) throws IOException {
        String id = Integer.toString(STRANGER);
        String source = Files.readString(Distribution.get().source("python/" + script), StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "/usr/bin/python3", "-c", source));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
