package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is in somebody else's hands is left alone, and its owner named. */
@Tag("it")
class RefusalTest {
    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("a second daemon on the port of a first is refused, names it, and does not disturb it")
    void twoDaemonsOnOnePort() throws Exception {
        site.start(Server.NODE, 2);
        StatusView first = site.status();
        Site other = Site.another();
        try {
            Ran ran = other.nary("start", "--", "node", Distribution.get().source("node/server.js").toString(), "" + site.port());
            assertThat(ran.exit()).as("%s", ran).isIn(1, 3);
            assertThat(ran.said()).contains("" + site.port()).contains("nary, pid " + first.daemon());
            other.assertNothingLives();
        } finally {
            other.close();
        }
        assertThat(site.status().pids()).isEqualTo(first.pids());
        for (int i = 0; i < 20; i++) assertThat(site.get("/")).contains("version=v000 ");
    }

    @Test
    @DisplayName("a foreign process that shares the port by SO_REUSEPORT is found and named")
    void foreignReusePort() throws Exception {
        String script = Distribution.get().source("python/reuseport.py").toString();
        Process foreign = new ProcessBuilder("/usr/bin/python3", script, "" + site.port()).start();
        try {
            assertThat(foreign.inputReader().readLine()).isEqualTo("listening");
            Ran ran = site.tryStart(Server.NODE, 1);
            assertThat(ran.exit()).as("%s", ran).isIn(1, 3);
            assertThat(ran.said()).contains("" + site.port()).contains("in use");
            if (!Distribution.isOrdinary()) assertThat(ran.said()).contains("pid " + foreign.pid());
            site.assertNothingLives();
            assertThat(foreign.isAlive()).isTrue();
        } finally {
            foreign.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName("a second start in the same directory is refused, and the first app serves on")
    void startedTwice() throws Exception {
        site.start(Server.NODE, 1);
        Set<Long> before = site.processes();
        Ran again = site.tryStart(Server.NODE, 1);
        assertThat(again.exit()).as("%s", again).isEqualTo(3);
        assertThat(again.said()).contains("already running").contains("" + site.status().daemon());
        assertThat(site.processes()).isEqualTo(before);
    }

    @Test
    @DisplayName("without a daemon each command says so and exits with 4")
    void noDaemon() throws Exception {
        for (String verb : new String[] {"status", "deploy", "deploy-abort", "stop"}) {
            Ran ran = site.nary(verb);
            assertThat(ran.exit()).as("%s", ran).isEqualTo(4);
            assertThat(ran.err()).isNotBlank();
        }
    }

    @Test
    @DisplayName("a wrong option is a usage error and starts nothing")
    void usage() throws Exception {
        Ran ran = site.nary("start", "--no-such-option", "1", "--", "node", "server.js");
        assertThat(ran.exit()).as("%s", ran).isEqualTo(2);
        assertThat(ran.err()).contains("--no-such-option");
        site.assertNothingLives();
    }

    @Test
    @DisplayName("the control socket of a daemon that was killed is recognised and replaced")
    void staleControlSocket() throws Exception {
        site.start(Server.NODE, 1);
        Site.signal("KILL", site.status().daemon());
        site.kill();
        assertThat(site.nary("status").exit()).isEqualTo(4);
        site.start(Server.NODE, 1);
        assertThat(site.get("/")).contains("version=v000 ");
    }

    @Test
    @DisplayName("a file that is no control socket is neither used nor deleted")
    void garbageInPlaceOfTheControlSocket() throws Exception {
        Path file = site.directory().resolve("nary.ipc");
        Files.writeString(file, "precious");
        Distribution.hand(file);
        assertLeftAlone(file);
        assertThat(file).hasContent("precious");
    }

    @Test
    @DisplayName("a control socket of another user is neither used nor deleted")
    void controlSocketOfAnotherUser() throws Exception {
        Path file = site.directory().resolve("nary.ipc");
        int uid = 12345;
        try (var socket = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            socket.bind(java.net.UnixDomainSocketAddress.of(file));
            Files.setAttribute(file, "unix:uid", uid, java.nio.file.LinkOption.NOFOLLOW_LINKS);
            assertLeftAlone(file);
        }
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(uid);
    }

    private void assertLeftAlone(Path file) throws IOException, InterruptedException, Exception {
        Ran start = site.tryStart(Server.NODE, 1);
        assertThat(start.exit()).as("%s", start).isIn(1, 3);
        assertThat(start.err()).contains(file.toString());
        site.assertNothingLives();
        Ran status = site.nary("status");
        assertThat(status.exit()).as("%s", status).isIn(1, 3, 4);
        assertThat(status.took()).isLessThan(Duration.ofSeconds(15));
        assertThat(file).exists();
    }
}
