package nary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import nary.fleet.Host;
import nary.fleet.ssh.Answer;
import nary.fleet.ssh.Command;
import nary.fleet.ssh.Remote;
import nary.fleet.ssh.RemoteException;
import nary.fleet.ssh.RemoteException.Kind;
import nary.fleet.ssh.Ssh;
import nary.fleet.ssh.SshSettings;
import nary.fleet.ssh.Transfer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system's ssh against Debian's sshd. */
@Tag("it")
class SshTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static SshServers servers;

    @TempDir
    Path here;

    @BeforeAll
    static void open() throws Exception {
        servers = SshServers.start(2);
    }

    @AfterAll
    static void close() throws Exception {
        servers.close();
    }

    @Test
    void commandsAndFilesGoToTheirServer() throws Exception {
        byte[] large = new byte[5_000_000];
        new Random(1).nextBytes(large);
        Files.write(here.resolve("large"), large);
        try (Ssh ssh = servers.connect()) {
            for (int i = 1; i <= 2; i++) {
                Remote remote = ssh.to(servers.host(i));
                assertThat(remote.expect(Command.of("pwd"))).isEqualTo(servers.server(i).home().toString());
                assertThat(remote.ask(Command.of("printf", "[%s]", "a  b", "$HOME", "it's", "\\n", "ü\n"))).isEqualTo(new Answer(0, "[a  b][$HOME][it's][\\n][ü\n]\n", ""));
                assertThat(remote.ask(Command.script("echo \"$1\" >&2; exit 255", "it is mine"))).isEqualTo(new Answer(255, "", "it is mine\n"));
                Transfer transfer = remote.upload(here, "releases/1", List.of());
                assertThat(transfer).isEqualTo(new Transfer(1, 1, large.length, large.length));
                assertThat(servers.server(i).home().resolve("releases/1/large")).hasBinaryContent(large);
                remote.download("releases/1", here.resolve("../" + here.getFileName() + "-back").normalize());
                assertThat(here.resolveSibling(here.getFileName() + "-back").resolve("large")).hasBinaryContent(large);
            }
        }
    }

    @Test
    void oneConnectionServesManyCommandsAndEndsWithTheRun() throws Exception {
        List<Path> folders;
        try (Ssh ssh = servers.connect()) {
            Remote remote = ssh.to(servers.host(1));
            assertThat(ssh.to(servers.host(1))).isSameAs(remote);
            String first = remote.expect(Command.script("echo $PPID; tr '\\0' '\\n' </proc/$PPID/cmdline | head -1"));
            List<Thread> threads = new ArrayList<>();
            List<String> answers = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 20; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        answers.add(remote.expect(Command.of("echo", "x")));
                    } catch (RemoteException | InterruptedException e) {
                        answers.add(e.toString());
                    }
                }));
            }
            for (Thread thread : threads) thread.join();
            assertThat(answers).hasSize(20).containsOnly("x");
            assertThat(first).isNotEmpty();
            folders = controlFolders();
            assertThat(folders).hasSize(1).allSatisfy(folder -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------"));
        }
        assertThat(controlFolders()).isEmpty();
        Until.holds("sshd has seen the end of it", LIMIT, () -> servers.processes().isEmpty());
    }

    private static List<Path> controlFolders() throws Exception {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("nary-ssh-" + ProcessHandle.current().pid() + "-")).toList();
        }
    }

    @Test
    void aCommandThatIsNotWantedAnyMoreEnds() throws Exception {
        try (Ssh ssh = servers.connect()) {
            Remote remote = ssh.to(servers.host(1));
            Command deaf = Command.script("trap '' TERM; (sleep 77; sleep 77) & sleep 77; sleep 77").within(Duration.ofSeconds(1));
            assertThat(failure(remote, deaf).kind()).isEqualTo(Kind.TIMED_OUT);
            Until.holds("it ends on the server", LIMIT, () -> remote.expect(Command.script("grep -lsxz 77 /proc/[0-9]*/cmdline || true")).isEmpty());
            assertThat(remote.expect(Command.of("echo", "still connected"))).isEqualTo("still connected");
        }
    }

    @Test
    void whatEndsTheRunEndsItsCommands() throws Exception {
        Ssh ssh = servers.connect();
        Thread running = Thread.ofVirtual().start(() -> {
            try {
                ssh.to(servers.host(1)).exec(Command.of("sleep", "78"), (_, _) -> {});
            } catch (RemoteException | InterruptedException e) {
                // that is what is asked for
            }
        });
        try (Ssh other = servers.connect()) {
            Remote eye = other.to(servers.host(1));
            Command look = Command.script("grep -lsxz 78 /proc/[0-9]*/cmdline || true");
            Until.holds("it runs", LIMIT, () -> !eye.expect(look).isEmpty());
            ssh.close();
            Until.holds("it ends on the server", LIMIT, () -> eye.expect(look).isEmpty());
        }
        running.join();
    }

    private static RemoteException failure(Remote remote, Command command) {
        return catchThrowableOfType(RemoteException.class, () -> remote.ask(command));
    }

    private static RemoteException refusal(SshSettings settings, Host host) {
        try (Ssh ssh = new Ssh(settings)) {
            return failure(ssh.to(host), Command.of("true"));
        }
    }

    @Test
    void eachKindOfRefusalSaysWhatToDo() throws Exception {
        SshSettings settings = servers.settings();
        Path stranger = here.resolve("stranger");
        Distribution.shell("ssh-keygen -q -t ed25519 -N '' -f '" + stranger + "'");
        Path config = Files.writeString(here.resolve("config"), "IdentityFile " + stranger + "\nIdentitiesOnly yes\n" + Files.readString(servers.config()).replaceAll("IdentityFile .*", ""));
        assertRefusal(refusal(settings.withConfig(config), servers.host(1)), Kind.DENIED, "server1: login is refused; it must work without a question: try ssh -o BatchMode=yes server1 (key, agent, user)");
        assertRefusal(refusal(settings, Host.of("no-such-host.invalid")), Kind.NO_SUCH_HOST, "no-such-host.invalid: there is no host of this name");
        Host closed = new Host("web", "127.0.1.1", Optional.empty(), OptionalInt.of(SshServers.freePort("127.0.1.1")), Optional.empty(), 100);
        assertRefusal(refusal(settings, closed), Kind.REFUSED, "web: connection refused: no sshd listens there");
        Host unknown = new Host("web", "127.0.1.1", Optional.empty(), OptionalInt.of(servers.server(2).port()), Optional.empty(), 100);
        Host known = servers.host(2).withAddress(servers.server(2).address()).withPort(servers.server(2).port());
        assertThat(refusal(settings, unknown).kind()).isEqualTo(Kind.REFUSED);
        Path empty = Files.writeString(here.resolve("empty"), Files.readString(servers.config()).replaceAll("UserKnownHostsFile .*", "UserKnownHostsFile /dev/null"));
        assertRefusal(refusal(settings.withConfig(empty), known), Kind.HOST_KEY_UNKNOWN, "server2: its host key is not known here: compare and accept it once with: ssh 127.0.1.2");
        Path wrong = Files.writeString(here.resolve("wrong"), "NoSuchOption yes\n");
        assertThat(refusal(settings.withConfig(wrong), known).kind()).isEqualTo(Kind.LOCAL);
    }

    private static void assertRefusal(RemoteException e, Kind kind, String beginning) {
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
        assertThat(e.getMessage()).startsWith(beginning).doesNotContain("\n");
    }

    @Test
    void aHostKeyThatChangedIsNamed() throws Exception {
        try (SshServers own = SshServers.start(1)) {
            own.changeHostKey(1);
            assertRefusal(refusal(own.settings(), own.host(1)), Kind.HOST_KEY_CHANGED, "server1: its host key is not the one in known_hosts");
        }
    }

    @Test
    void aServerThatHangsIsFound() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0)) {
            Host host = new Host("web", "127.0.0.1", Optional.empty(), OptionalInt.of(deaf.getLocalPort()), Optional.empty(), 100);
            assertThat(refusal(servers.settings().withConnectLimit(Duration.ofSeconds(1)), host).kind()).isEqualTo(Kind.NO_ANSWER);
        }
        try (SshServers own = SshServers.start(1);
                Ssh ssh = new Ssh(own.settings().withConnectLimit(Duration.ofSeconds(2)))) {
            Remote remote = ssh.to(own.host(1));
            assertThat(remote.expect(Command.of("echo", "well"))).isEqualTo("well");
            own.freeze(1);
            RemoteException e = failure(remote, Command.of("sleep", "1").within(LIMIT));
            own.thaw(1);
            assertThat(e.isOfLink()).as(e.getMessage()).isTrue();
            assertThat(remote.expect(Command.of("echo", "again"))).isEqualTo("again");
        }
    }

    @Test
    void aServerThatRestartsIsConnectedAgain() throws Exception {
        try (SshServers own = SshServers.start(1);
                Ssh ssh = own.connect()) {
            Remote remote = ssh.to(own.host(1));
            assertThat(remote.expect(Command.of("echo", "well"))).isEqualTo("well");
            own.kill(1);
            assertThat(failure(remote, Command.of("true"))).isNotNull();
            own.startAgain(1);
            assertThat(remote.expect(Command.of("echo", "again"))).isEqualTo("again");
        }
    }

    /** Some guides ask for so few sessions a connection. */
    @Test
    void aServerThatAllowsFewSessionsIsServedAllTheSame() throws Exception {
        for (int most : new int[] {2, 1}) {
            try (SshServers own = SshServers.start(1)) {
                own.restartWith(1, "MaxSessions " + most);
                try (Ssh ssh = own.connect()) {
                    Remote remote = ssh.to(own.host(1));
                    Command brief = Command.script("echo $$").briefly();
                    String shell = remote.expect(brief);
                    assertThat(remote.expect(Command.of("echo", "alone"))).isEqualTo("alone");
                    assertThat(remote.expect(brief)).as("the shell that brief commands share, MaxSessions %d", most).isEqualTo(shell);
                }
            }
        }
    }

    @Test
    void aFullDiskIsNamedAndLeftAsItWas() throws Exception {
        Distribution.needsRoot();
        Path disk = Files.createDirectories(servers.server(1).home().resolve("disk"));
        Files.write(here.resolve("large"), new byte[3_000_000]);
        Distribution.shell("mount -t tmpfs -o size=2m none '" + disk + "'");
        try (Ssh ssh = servers.connect()) {
            var e = catchThrowableOfType(RemoteException.class, () -> ssh.to(servers.host(1)).upload(here, "disk/releases/1", List.of()));
            assertThat(e.kind()).isEqualTo(Kind.DISK_FULL);
            assertThat(e).hasMessage("server1: no space for " + disk + "/releases/1: 3.0 MB are needed, 2.1 MB were free");
            Distribution.shell("head -c 1900k /dev/zero > '" + disk + "/ballast'");
            assertThat(disk.resolve("releases")).isEmptyDirectory();
        } finally {
            Distribution.shell("umount '" + disk + "'");
        }
    }
}
