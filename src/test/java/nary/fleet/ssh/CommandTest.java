package nary.fleet.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import nary.fleet.Host;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of every command, tried on this machine; the same way it goes to a server. */
class CommandTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private Remote remote;

    @BeforeEach
    void open() {
        remote = opened(home);
    }

    Remote opened(Path home) {
        return new Local(home).to(Host.of("here"));
    }

    @Test
    void eachArgumentArrivesExactly() throws Exception {
        String[] words = {"printf", "[%s]\\n", "a b", "", "'", "\"", "$HOME", "`id`", "\\", "\\n", "*", "ä€", "a\nb", "-n", "!x", "a=b", "~", "#", "&&", ";"};
        Answer answer = remote.ask(Command.of(words));
        assertThat(answer.exit()).isZero();
        assertThat(answer.out()).isEqualTo("[a b]\n[]\n[']\n[\"]\n[$HOME]\n[`id`]\n[\\]\n[\\n]\n[*]\n[ä€]\n[a\nb]\n[-n]\n[!x]\n[a=b]\n[~]\n[#]\n[&&]\n[;]\n");
    }

    @Test
    void aScriptHasItsArguments() throws Exception {
        Answer answer = remote.ask(Command.script("echo \"$#: $2\"; cat; exit 7", "x", "it's $HOME"));
        assertThat(answer.out()).isEqualTo("2: it's $HOME\n");
        assertThat(answer.exit()).isEqualTo(7);
    }

    @Test
    void aScriptThatIsNoneDoesNothing() throws Exception {
        Answer answer = remote.ask(Command.script("touch made; if"));
        assertThat(answer.exit()).isNotZero();
        assertThat(home.resolve("made")).doesNotExist();
    }

    @Test
    void aScriptOfAnyLength() throws Exception {
        String comment = "# " + "x".repeat(500_000) + "\n";
        assertThat(remote.expect(Command.script(comment + "echo done"))).isEqualTo("done");
    }

    @Test
    void eachExitStatusArrives() throws Exception {
        for (int status : new int[] {0, 1, 126, 254, 255})
            assertThat(remote.ask(Command.script("echo said >&2; exit $1", "" + status))).isEqualTo(new Answer(status, "", "said\n"));
        assertThat(remote.ask(Command.script("printf said >&2; exit 255"))).isEqualTo(new Answer(255, "", "said\n"));
        assertThat(remote.ask(Command.of("/no/such/program")).exit()).isEqualTo(127);
        assertThat(remote.ask(Command.of("sh", "-c", "kill -9 $$")).exit()).isEqualTo(137);
    }

    @Test
    void bothStreamsComeByLines() throws Exception {
        List<String> lines = new ArrayList<>();
        remote.exec(Command.script("echo a; printf 'b\\nc'; echo d >&2"), (stream, line) -> lines.add(stream + " " + line));
        assertThat(lines).containsExactlyInAnyOrder("OUT a", "OUT b", "OUT c", "ERR d");
    }

    @Test
    void aLongLineComesInPieces() throws Exception {
        List<String> lines = new ArrayList<>();
        remote.exec(Command.script("head -c 150000 /dev/zero | tr '\\0' x"), (_, line) -> lines.add(line));
        assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Lines.MOST_BYTES));
        assertThat(lines.stream().mapToInt(String::length).sum()).isEqualTo(150_000);
    }

    @Test
    void aCommandWithoutEndIsEndedWithAllThatItStarted() throws Exception {
        var e = catchThrowableOfType(RemoteException.class, () -> remote.exec(sleeper().within(Duration.ofSeconds(2)), (_, _) -> {}));
        assertThat(e.kind()).isEqualTo(RemoteException.Kind.TIMED_OUT);
        assertThat(e).hasMessageContaining("here: ").hasMessageContaining("did not end within 2s");
        assertEnded();
    }

    @Test
    void whoIsInterruptedCancels() throws Exception {
        var begun = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                remote.exec(sleeper(), (_, _) -> begun.countDown());
            } catch (InterruptedException e) {
                ended.countDown();
            } catch (RemoteException e) {
                throw new IllegalStateException(e);
            }
        });
        begun.await();
        thread.interrupt();
        assertThat(ended.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertEnded();
    }

    /** Two processes that hold a lock each while they live, one of them deaf to SIGTERM. */
    private Command sleeper() {
        return Command.script("""
                sh -c 'echo $$ > one; exec sleep 60' &
                sh -c 'trap "" TERM; echo $$ > two; until [ -s one ]; do sleep 0.01; done; echo begun; sleep 60; sleep 60'
                """).within(LIMIT);
    }

    private void assertEnded() throws Exception {
        for (String name : List.of("one", "two")) assertEnded(Long.parseLong(Files.readString(home.resolve(name)).strip()));
    }

    static void assertEnded(long pid) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (isAlive(pid)) {
            if (System.nanoTime() > end) throw new AssertionError(pid + " lives");
            Thread.sleep(20);
        }
    }

    /** One that nobody has waited for is dead too. */
    private static boolean isAlive(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).replaceFirst("(?s).*\\) ", "").startsWith("Z");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatFailsIsNamed() {
        assertThatThrownBy(() -> remote.expect(Command.script("echo one >&2; echo no disk >&2; exit 3")))
                .hasMessage("here: echo one >&2; echo no disk >&2; exit 3 exited with 3: no disk");
        assertThatThrownBy(() -> Command.of("a\0b")).hasMessageContaining("NUL");
    }
}
