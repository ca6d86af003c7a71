package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers of another user, with limits of their own. */
@Tag("it")
class UsersTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final Site site = new Site();

    @BeforeEach
    void root() throws Exception {
        Distribution.needsRoot();
        site.asRoot();
        Distribution.shell("chmod 755 '" + site.directory() + "'");
    }

    private Ran start(String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("start"));
        words.addAll(List.of("--settle", "0"));
        words.addAll(List.of(options));
        words.add("--");
        words.addAll(WhoAmI.command(site, site.port()));
        return site.nary(words.toArray(String[]::new));
    }

    private static void succeeded(Ran ran) {
        assertThat(ran.exit()).as("%s", ran).isZero();
    }

    @Test
    @DisplayName("workers have the user's groups and HOME, the limits, niceness and mask: also after a crash and in later generations")
    void everyWorkerRunsAsAsked() throws Exception {
        Path groups = site.directory().resolve("group");
        Files.writeString(groups, Files.readString(Path.of("/etc/group")) + "\nnary-test:x:4242:www-data\n");
        site.asRoot("unshare", "-m", "sh", "-c", "mount --bind '" + groups + "' /etc/group && exec \"$@\"", "sh");
        succeeded(start("--user", "www-data", "--limit", "nofile=123:456", "--limit", "core=0", "--nice", "3", "--umask", "0027"));
        site.asRoot();
        assertIsAsAsked(WhoAmI.ask(site.port()));

        long victim = site.status().workers().getFirst().pid();
        Site.signal("KILL", victim);
        Until.holds("a new worker serves", LIMIT, () -> site.status().serving().stream().anyMatch(worker -> worker.pid() != victim));
        assertIsAsAsked(WhoAmI.ask(site.port()));

        succeeded(site.deploy("--override-env", "true"));
        assertThat(site.status().generation()).isEqualTo(2);
        assertIsAsAsked(WhoAmI.ask(site.port()));
        succeeded(site.deploy("--env", "HOME=/srv"));
        assertThat(WhoAmI.ask(site.port()).variable("HOME")).contains("/srv");
        site.assertNothingElseLives();
    }

    private static void assertIsAsAsked(WhoAmI worker) {
        assertThat(worker.fact("uid")).isEqualTo("33");
        assertThat(worker.fact("gid")).isEqualTo("33");
        assertThat(worker.fact("groups")).isEqualTo("[33, 4242]");
        assertThat(worker.fact("umask")).isEqualTo("0027");
        assertThat(worker.fact("nice")).isEqualTo("3");
        assertThat(worker.fact("nofile")).isEqualTo("[123, 456]");
        assertThat(worker.fact("core")).isEqualTo("[0, 0]");
        assertThat(worker.variable("HOME")).contains("/var/www");
        assertThat(worker.variable("USER")).contains("www-data");
        assertThat(worker.variable("LOGNAME")).contains("www-data");
        assertThat(worker.variable("SHELL")).isPresent();
    }

    @Test
    @DisplayName("a worker that limits its processes, and a group alone, and a pre-opened socket")
    void combinations() throws Exception {
        succeeded(start("--group", "nogroup", "--limit", "nproc=1000"));
        assertThat(WhoAmI.ask(site.port()).fact("uid") + " " + WhoAmI.ask(site.port()).fact("groups")).isEqualTo("0 [65534]");
        succeeded(site.nary("stop"));
        Path script = Files.writeString(site.directory().resolve("fds.sh"), "id -u; ulimit -n; [ $LISTEN_PID = $$ ] && exec sleep 60\n");
        succeeded(site.nary(
                "start", "--user", "nobody", "--limit", "nofile=77", "--umask", "077", "--ready", "delay:0.2", "--drain-timeout", "0", "--listen", "127.0.0.1:" + site.port(),
                "--takeover", "off", "--", "/bin/sh", script.toString()));
        assertThat(Files.readString(site.directory().resolve("stdout.log"))).isEqualTo("65534\n77\n");
    }

    @Test
    @DisplayName("what cannot be had is refused in one line that names the option, before anything is touched")
    void refused() throws Exception {
        assertRefused(2, "--user: there is no user 'nemo'", "--user", "nemo");
        assertRefused(2, "--group: there is no group 'nemo'", "--group", "nemo");
        assertRefused(2, "--limit: 'files' is no limit", "--limit", "files=3");
        assertRefused(2, "--umask: '0999' is no file mode mask", "--umask", "0999");
        assertRefused(1, "--limit cannot be had here: prlimit: failed to set the NOFILE resource limit", "--limit", "nofile=99999999999");
        site.asNobody(List.of());
        assertRefused(1, "--user or --group (only root may choose one) cannot be had here: setpriv:", "--user", "www-data");
        assertRefused(1, "--nice cannot be had here", "--nice", "-1");
        succeeded(start("--user", "nobody"));
        assertThat(WhoAmI.ask(site.port()).fact("uid")).as("its own user needs no privilege").isEqualTo("65534");
    }

    private void assertRefused(int exit, String reason, String... options) throws Exception {
        Ran ran = start(options);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(exit);
        assertThat(ran.said().strip()).contains(reason).doesNotContain("\n");
        try (Stream<Path> files = Files.list(site.directory())) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".") && !name.equals("whoami.py"))).isEmpty();
        }
    }

    @Test
    @DisplayName("a release that the user may not read fails the deploy with the reason; the old version serves")
    void unreadable() throws Exception {
        for (String release : List.of("open", "closed")) Files.copy(Distribution.get().source("python/whoami.py"), site.folder(release).resolve("whoami.py"));
        Distribution.shell("cd '" + site.directory() + "' && ln -s open current && chown 0:0 closed && chmod 700 closed");
        succeeded(site.nary("start", "--user", "nobody", "--cwd", "current", "--", "/usr/bin/python3", "whoami.py", "" + site.port()));
        Distribution.shell("cd '" + site.directory() + "' && ln -sfn closed current");
        Ran failed = site.deploy();
        assertThat(failed.exit()).as("%s", failed).isEqualTo(1);
        assertThat(failed.err()).contains("Permission denied").contains("generation 1 serves");
        assertThat(WhoAmI.ask(site.port()).variable("NARY_GENERATION")).contains("1");
    }
}
