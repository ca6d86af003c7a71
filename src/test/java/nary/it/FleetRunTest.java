package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands and files on three real servers. */
@Tag("it")
class FleetRunTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static SshServers servers;

    @RegisterExtension
    final Site site = new Site();

    @BeforeAll
    static void open() throws Exception {
        servers = SshServers.start(3);
    }

    @AfterAll
    static void close() throws Exception {
        servers.close();
    }

    @BeforeEach
    void configure() throws Exception {
        Files.writeString(site.directory().resolve("fleet.json"), """
                { "builds": [ { "name": "web", "environments": [ { "name": "QA", "servers": [ "server1", "server2", "server3" ] }, { "name": "DB" } ] } ] }
                """);
    }

    private List<String> words(String verb, String... more) {
        List<String> words = new ArrayList<>(List.of("fleet", verb, "--ssh-config", servers.config().toString()));
        words.addAll(List.of(more));
        return words;
    }

    private Ran fleet(String verb, String... more) throws Exception {
        return site.nary(words(verb, more).toArray(String[]::new));
    }

    @Test
    void eachArgumentArrivesExactlyOnEachServer() throws Exception {
        Ran ran = fleet("run", "qa", "--", "printf", "[%s]", "a  b", "$HOME", "it's", "*", "ü", "--on", "");
        assertThat(ran.out()).isEqualTo("""
                server1 | [a  b][$HOME][it's][*][ü][--on][]
                server2 | [a  b][$HOME][it's][*][ü][--on][]
                server3 | [a  b][$HOME][it's][*][ü][--on][]
                """);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
    }

    @Test
    void aScriptIsExpandedThere() throws Exception {
        Ran ran = fleet("run", "QA", "--on", "SERVER3,server1", "--shell", "echo \"$HOME $1\"; echo careful >&2", "--", "it is $HOME");
        assertThat(ran.out()).isEqualTo("server3 | " + servers.server(3).home() + " it is $HOME\nserver1 | " + servers.server(1).home() + " it is $HOME\n");
        assertThat(ran.err()).isEqualTo("server3 | careful\nserver1 | careful\n");
    }

    @Test
    void theFirstFailureStopsWithItsStatus() throws Exception {
        Ran ran = fleet("run", "qa", "--shell", "case $PWD in *server2*) exit 7;; esac; echo well");
        assertThat(ran.exit()).isEqualTo(7);
        assertThat(ran.out()).isEqualTo("server1 | well\n");
        assertThat(ran.err()).isEqualTo("nary: server2 exited with 7\nnary: not begun: server3\n");
        Ran all = fleet("run", "qa", "--keep-going", "--shell", "case $PWD in *server2*) exit 7;; esac; echo well");
        assertThat(all.exit()).isEqualTo(7);
        assertThat(all.out()).isEqualTo("server1 | well\nserver3 | well\n");
    }

    @Test
    void atOnceAndInTime() throws Exception {
        Ran ran = fleet("run", "--parallel", "3", "--timeout", "3", "--keep-going", "qa", "--shell", "case $PWD in *server2*) sleep 76;; esac; sleep 0.1; echo well");
        assertThat(ran.exit()).as("%s", ran).isEqualTo(5);
        assertThat(ran.out().lines().sorted()).containsExactly("server1 | well", "server3 | well");
        assertThat(ran.err()).contains("nary: server2: case $PWD in *server2*) sleep 76;; esac; sleep 0.1; echo well did not end within 3s and was ended");
    }

    @Test
    void interruptedItEndsWhatRunsThere() throws Exception {
        Running running = site.spawn(site.directory(), words("run", "--parallel", "3", "qa", "--shell", "echo begun; exec sleep 75").toArray(String[]::new));
        Until.holds("all have begun", LIMIT, () -> running.saidSoFar().lines().filter(line -> line.endsWith("begun")).count() == 3);
        running.interrupt();
        Ran ran = running.await(LIMIT);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(130);
        Until.holds("nothing of it runs", LIMIT, () -> servers.processes().isEmpty());
    }

    @Test
    void killedItEndsWhatRunsThere() throws Exception {
        Running running = site.spawn(site.directory(), words("run", "--parallel", "3", "qa", "--shell", "echo begun; exec sleep 74").toArray(String[]::new));
        Until.holds("all have begun", LIMIT, () -> running.saidSoFar().lines().filter(line -> line.endsWith("begun")).count() == 3);
        Site.signal("KILL", running.pid());
        running.await(LIMIT);
        Until.holds("nothing of it runs, there or here", LIMIT, () -> servers.processes().isEmpty() && site.processes().isEmpty());
    }

    @Test
    void filesGoThereAndComeBack() throws Exception {
        Path folder = site.folder("conf");
        Files.writeString(folder.resolve("site.conf"), "port 80");
        Ran put = fleet("put", "--parallel", "3", "qa", "conf", "etc/site");
        assertThat(put.out().lines().sorted()).containsExactly(
                "server1 | 1 of 1 files sent, 0.0 MB of 0.0 MB", "server2 | 1 of 1 files sent, 0.0 MB of 0.0 MB", "server3 | 1 of 1 files sent, 0.0 MB of 0.0 MB");
        assertThat(servers.server(2).home().resolve("etc/site/site.conf")).hasContent("port 80");
        assertThat(fleet("put", "--on", "server2", "qa", "conf/site.conf", "etc/site/site.conf").out()).isEqualTo("server2 | 0 of 1 files sent, - of 0.0 MB\n");
        Ran get = fleet("get", "qa", "etc/site/site.conf", "got");
        assertThat(get.exit()).as("%s", get).isZero();
        for (int i = 1; i <= 3; i++) assertThat(site.directory().resolve("got/server" + i + "/site.conf")).hasContent("port 80");
    }

    @Tag("full")
    @Test
    void naryComesToAServerThatHasNoJava() throws Exception {
        Ran first = fleet("bootstrap", "--on", "server1", "qa");
        assertThat(first.exit()).as("%s", first).isZero();
        assertThat(first.out()).startsWith("server1 | .nary/bin/nary is ");
        Ran again = fleet("bootstrap", "--on", "server1", "qa");
        assertThat(again.out()).as("%s", again).contains(": 0 of ");
        Path home = servers.server(1).home();
        String launcher = Files.readSymbolicLink(home.resolve(".nary/bin/nary")).toString();
        assertThat(launcher).matches("\\.\\./runtime/[0-9a-f]{16}/nary");
        String script = "unset JAVA_HOME; PATH=/usr/bin:/bin; .nary/bin/nary start --worker-count 1 --ready delay:0.1 -- sleep 60 && .nary/bin/nary status && .nary/bin/nary stop";
        Ran app = fleet("run", "--on", "server1", "qa", "--shell", script);
        assertThat(app.exit()).as("%s", app).isZero();
        assertThat(app.out()).contains("state      online");
        Files.writeString(home.resolve(".nary/bin/../runtime/").resolve(launcher.split("/")[2]).resolve("app/nary.jar"), "broken");
        Files.createDirectories(home.resolve(".nary/runtime/0123456789abcdef"));
        Ran repaired = fleet("bootstrap", "--on", "server1", "qa");
        assertThat(repaired.out()).as("%s", repaired).contains(": 1 of ");
        assertThat(home.resolve(".nary/runtime/0123456789abcdef")).doesNotExist();
        assertThat(home.resolve(".nary/bin/nary")).isExecutable();
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws Exception {
        assertRefused(fleet("run", "qa"), 2, "nary fleet run: which command? e.g. nary fleet run qa -- uptime (nary fleet run --help)");
        assertRefused(fleet("run", "qa", "uptime"), 2, "nary fleet run: 'uptime' is one word too many; a command comes after -- (nary fleet run --help)");
        assertRefused(fleet("run", "--on", "server4", "qa", "--", "id"), 2,
                "nary fleet run: --on: QA has no server 'server4'; did you mean server1?; there are server1, server2, server3 (nary fleet run --help)");
        assertRefused(fleet("run", "db", "--", "id"), 2, "nary fleet run: environment DB has no servers (nary fleet run --help)");
        assertRefused(fleet("run", "--on", ",", "qa", "--", "id"), 2, "nary fleet run: --on: which servers? there are server1, server2, server3 (");
        assertRefused(fleet("put", "qa", "fleet.json", ""), 2, "nary fleet put: '' is no place on a server; name a file or a folder, '.' is the home folder (");
        assertRefused(site.nary("fleet", "run", "--ssh-config", "none", "qa", "--", "id"), 2, "nary fleet run: --ssh-config: there is no file none that can be read (");
        assertRefused(fleet("put", "qa", "nothing", "x"), 1, "nary fleet: there is no " + site.directory() + "/nothing");
        assertRefused(fleet("get", "--on", "server1", "qa", "nothing", "x"), 1, "nary: server1: there is no nothing");
        assertRefused(fleet("run", "--on", "server1", "qa", "--", "no-such-program"), 127, "server1 | /bin/sh: ");
    }

    private static void assertRefused(Ran ran, int exit, String beginning) {
        assertThat(ran.err()).as("%s", ran).startsWith(beginning);
        assertThat(ran.exit()).as("%s", ran).isEqualTo(exit);
    }
}
