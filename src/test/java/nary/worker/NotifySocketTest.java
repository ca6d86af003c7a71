package nary.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.Sockets;
import nary.posix.ffm.LinuxPosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifySocketTest {
    private final Sockets sockets = LinuxPosix.create().sockets();
    @TempDir Path folder;
    private NotifySocket socket;

    @BeforeEach
    void open() throws Exception {
        socket = NotifySocket.open(sockets, folder.resolve("notify"));
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        assertThat(Files.exists(socket.path())).isFalse();
    }

    @Test
    void nothingIsSaidUntilSomebodySpeaks() throws Exception {
        assertThat(socket.read()).isEmpty();
        say("READY=1");
        assertThat(socket.read()).containsExactly(new Saying.Ready());
        assertThat(socket.read()).isEmpty();
    }

    @Test
    void aDatagramThatIsTooLongSaysNothingAndTheNextIsHeard() throws Exception {
        say("READY=1\n" + "X".repeat(4089));
        say("STOPPING=1\n" + "X".repeat(4085));
        assertThat(socket.read()).containsExactly(new Saying.Stopping());
    }

    @Test
    void anEmptyDatagramIsNoEnd() throws Exception {
        say("");
        say("READY=1");
        assertThat(socket.read()).containsExactly(new Saying.Ready());
    }

    @Test
    void whoShoutsFillsHisOwnQueueOnlyAndIsHeardOnce() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) say("WATCHDOG=1\n".repeat(370));
                })
                .isInstanceOfSatisfying(OsException.class, full -> assertThat(full.errno()).isEqualTo(Errno.EAGAIN));
        assertThat(read()).containsExactly(new Saying.Alive());
    }

    private java.util.List<Saying> read() {
        try {
            return socket.read();
        } catch (OsException e) {
            throw new AssertionError(e);
        }
    }

    /** It waits until the descriptor that it sends along is closed. */
    @Test
    void systemdNotifyIsReleased() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("systemd-notify", "--ready", "--status=warm").inheritIO();
        builder.environment().put("NOTIFY_SOCKET", socket.path().toString());
        Process notify = builder.start();
        java.util.List<Saying> said = new java.util.ArrayList<>();
        while (!notify.waitFor(10, TimeUnit.MILLISECONDS)) said.addAll(socket.read());
        said.addAll(socket.read());
        assertThat(notify.exitValue()).isZero();
        assertThat(said).containsExactlyInAnyOrder(new Saying.Ready(), new Saying.Status("warm"));
    }

    private void say(String lines) throws OsException {
        sockets.send(socket.path().toString(), lines.getBytes(StandardCharsets.UTF_8));
    }
}
