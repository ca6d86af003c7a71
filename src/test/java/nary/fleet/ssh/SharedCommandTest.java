package nary.fleet.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nary.fleet.Host;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules of every command hold for those, too, that share a shell; and some more. */
class SharedCommandTest extends CommandTest {
    private static final Command SHELL = Command.script("echo $$");

    private Brief remote;

    /** A server whose login says something first. */
    private record Talkative(LocalLink link, String shell) implements Link {
        @Override
        public Host host() {
            return link.host();
        }

        @Override
        public Process open(String shellLine) throws RemoteException {
            return link.open("echo Welcome; echo; printf 'to you'; " + shellLine.replace("/bin/sh", shell));
        }

        @Override
        public RemoteException failure(String said) {
            return link.failure(said);
        }

        @Override
        public String forward(String endpoint) {
            return endpoint;
        }

        @Override
        public void close() {}
    }

    /** All commands are brief. */
    private record Brief(ShellRemote shell) implements Remote {
        @Override
        public Host host() {
            return shell.host();
        }

        @Override
        public int exec(Command command, Lines lines) throws RemoteException, InterruptedException {
            return shell.exec(command.briefly(), lines);
        }

        @Override
        public Transfer upload(Tree from, String to, List<String> basis) throws RemoteException, InterruptedException {
            return shell.upload(from, to, basis);
        }

        @Override
        public Transfer download(String from, Path to) throws java.io.IOException, InterruptedException {
            return shell.download(from, to);
        }

        @Override
        public String talk(String endpoint, String words, Duration limit) throws java.io.IOException, InterruptedException {
            return shell.talk(endpoint, words, limit);
        }

        @Override
        public void close() {
            shell.close();
        }
    }

    @Override
    Remote opened(Path home) {
        remote = by("/bin/sh");
        return remote;
    }

    private Brief by(String shell) {
        return new Brief(new ShellRemote(new Talkative(new LocalLink(Host.of("here"), home), shell), true));
    }

    @AfterEach
    void end() {
        remote.close();
    }

    @Test
    void oneShellRunsAllAndKeepsNothingOfThem() throws Exception {
        String first = remote.expect(SHELL);
        String umask = remote.expect(Command.script("umask"));
        remote.ask(Command.script("cd /; umask 077; VAR=x; export VAR; exec >/dev/null; trap '' TERM; set -eu; exit 3"));
        assertThat(remote.expect(Command.script("echo $$ ${VAR-none} ${said-none} ${status-none}; pwd; umask; trap"))).isEqualTo(first + " none none none\n" + home.toRealPath() + "\n" + umask);
        assertThat(remote.ask(Command.script("read -r line; echo \"[$line]\"")).out()).as("its stdin is empty").isEqualTo("[]\n");
    }

    @Test
    void whatItSaysComesAsItIs() throws Exception {
        List<String> lines = new ArrayList<>();
        int exit = remote.exec(Command.script("echo; echo a; echo; echo; printf b; echo one >&2; echo >&2; printf two >&2; exit 5"), (stream, line) -> lines.add(stream + " " + line));
        assertThat(exit).isEqualTo(5);
        assertThat(lines).containsExactly("OUT ", "OUT a", "OUT ", "OUT ", "OUT b", "ERR one", "ERR ", "ERR two");
        assertThat(remote.ask(Command.script(":"))).isEqualTo(new Answer(0, "", ""));
        assertThat(remote.ask(Command.script("echo"))).isEqualTo(new Answer(0, "\n", ""));
    }

    /** sh is dash here; elsewhere it is this one. */
    @Test
    void bashDoesTheSame() throws Exception {
        try (Brief other = by("/bin/bash")) {
            String first = other.expect(SHELL);
            assertThat(other.ask(Command.script("read -r line; echo \"$1[$line]\"; printf no >&2; exit 255", "it's"))).isEqualTo(new Answer(255, "it's[]\n", "no\n"));
            assertThat(other.expect(SHELL)).isEqualTo(first);
        }
    }

    @Test
    void aLineAsLongAsItsPiecesBeforeTheEnd() throws Exception {
        for (int length : new int[] {Lines.MOST_BYTES - 10, Lines.MOST_BYTES - 1, Lines.MOST_BYTES}) {
            var said = new StringBuilder();
            assertThat(remote.exec(Command.script("head -c $1 /dev/zero | tr '\\0' x", "" + length), (_, line) -> said.append(line))).isZero();
            assertThat(said).hasSize(length);
        }
    }

    @Test
    void whileOneRunsAnotherHasAShellOfItsOwn() throws Exception {
        Path gate = home.resolve("gate");
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                remote.ask(Command.script("echo $$ >first.new; mv first.new first; until [ -e gate ]; do sleep 0.01; done"));
            } catch (RemoteException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!Files.exists(home.resolve("first")) && waiting.isAlive()) Thread.sleep(5);
        assertThat(remote.expect(SHELL)).isNotEqualTo(Files.readString(home.resolve("first")).strip());
        Files.createFile(gate);
        waiting.join();
        assertThat(remote.expect(SHELL)).isEqualTo(Files.readString(home.resolve("first")).strip());
    }

    @Test
    void aShellThatIsLostIsNamedAndOpenedAgain() throws Exception {
        String first = remote.expect(SHELL);
        assertThat(catchThrowableOfType(RemoteException.class, () -> remote.ask(Command.script("kill -9 $$"))).kind()).isEqualTo(RemoteException.Kind.LOST);
        assertThat(remote.expect(SHELL)).isNotEqualTo(first);
    }

    @Test
    void closingEndsTheShell() throws Exception {
        long shell = Long.parseLong(remote.expect(SHELL));
        remote.close();
        assertEnded(shell);
    }
}
