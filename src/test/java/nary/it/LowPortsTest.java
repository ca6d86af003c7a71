package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ports below 1024, and workers without privileges. */
@Tag("it")
class LowPortsTest {
    /** authbind leaves those from 512 on alone. */
    private static final int LOWEST = 200;

    private static final int HIGHEST = 511;

    @RegisterExtension
    final Site site = new Site();

    private int port;

    @BeforeEach
    void root() throws Exception {
        Distribution.needsRoot();
        port = freeLowPort();
        Distribution.shell("chmod 755 '" + site.directory() + "'");
    }

    private static int freeLowPort() {
        Random random = new Random();
        while (true) {
            int candidate = LOWEST + random.nextInt(HIGHEST - LOWEST);
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // another one
            }
        }
    }

    private Ran start(String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("start"));
        words.addAll(List.of("--settle", "0"));
        words.addAll(List.of(options));
        words.add("--");
        words.addAll(WhoAmI.command(site, port));
        return site.nary(words.toArray(String[]::new));
    }

    /** It serves there, before and after a deploy, as an ordinary user. */
    private void assertServes(Ran started) throws Exception {
        assertThat(started.exit()).as("%s", started).isZero();
        for (int generation = 1; generation <= 2; generation++) {
            WhoAmI worker = WhoAmI.ask(port);
            assertThat(worker.fact("uid")).isEqualTo("65534");
            assertThat(worker.variable("NARY_GENERATION")).contains("" + generation);
            Ran deployed = site.deploy();
            assertThat(deployed.exit()).as("%s", deployed).isZero();
        }
        assertThat(site.status().addresses()).containsExactly("127.0.0.1:" + port);
    }

    @Test
    @DisplayName("nary as root binds for workers of an ordinary user")
    void rootBindsForItsWorkers() throws Exception {
        site.asRoot();
        assertServes(start("--user", "nobody", "--worker-count", "2"));
    }

    @Test
    @DisplayName("an ordinary user's nary binds with CAP_NET_BIND_SERVICE")
    void ambientCapability() throws Exception {
        site.asNobody(List.of(), "--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service");
        assertServes(start());
    }

    @Test
    @DisplayName("an ordinary user's nary binds under authbind")
    void authbind() throws Exception {
        Path permission = Path.of("/etc/authbind/byport/" + port);
        Files.createFile(permission);
        try {
            Distribution.shell("chmod 755 " + permission);
            site.asNobody(List.of());
            site.then("authbind", "--deep");
            assertServes(start("--worker-count", "2"));
        } finally {
            Files.delete(permission);
        }
    }

    @Test
    @DisplayName("an ordinary user's nary binds where ip_unprivileged_port_start allows it")
    void unprivilegedPortStart() throws Exception {
        String script = "ip link set lo up; echo " + port + " > /proc/sys/net/ipv4/ip_unprivileged_port_start; exec \"$@\"";
        site.asNobody(List.of("unshare", "--net", "sh", "-c", script, "sh"));
        Ran started = start();
        assertThat(started.exit()).as("%s", started).isZero();
        site.asNobody(List.of());
        assertThat(site.status().addresses()).containsExactly("127.0.0.1:" + port);
        Process client = new ProcessBuilder(
                        "nsenter", "--net=/proc/" + site.status().daemon() + "/ns/net", "/usr/bin/python3", "-c",
                        "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:" + port + "/').read().decode())")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        WhoAmI worker = WhoAmI.of(new String(client.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        assertThat(worker.fact("uid")).isEqualTo("65534");
        assertThat(site.deploy().exit()).isZero();
    }

    @Test
    @DisplayName("without any of these the terminal names them all, in one line")
    void allRemediesAreNamed() throws Exception {
        site.asNobody(List.of());
        for (String[] options : List.of(new String[] {}, new String[] {"--listen", "127.0.0.1:" + port, "--takeover", "off"})) {
            Ran ran = start(options);
            assertThat(ran.exit()).as("%s", ran).isEqualTo(1);
            assertThat(ran.err().lines().toList().getLast())
                    .contains("127.0.0.1:" + port + ": EACCES", "ports below 1024", "--user", "AmbientCapabilities=CAP_NET_BIND_SERVICE")
                    .contains("net.ipv4.ip_unprivileged_port_start=" + port, "authbind --deep");
            site.assertNothingLives();
        }
    }
}
