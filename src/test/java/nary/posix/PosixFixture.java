package nary.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.posix.Processes.Child;
import nary.posix.Processes.Exit;
import nary.posix.Processes.Info;
import nary.posix.Processes.Isolation;
import nary.posix.Processes.Program;
import nary.posix.Sockets.Instruction;
import nary.posix.Sockets.Pair;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Helpers of the tests against a {@link Posix}; what they open, hold and start ends with the test. */
@Timeout(30)
abstract class PosixFixture {
    /** The scripts that a simulated {@code /bin/sh} has to know. */
    static final String SAY_WHERE = "echo \"$GREETING\"; pwd; exit 3";

    static final String SAY_FIVE = "echo five >&5";
    static final String SLEEP = "exec sleep 60";
    static final String ECHO_LINE = "read line; echo \"$line\"";
    static final String ECHO_AND_WAIT = "echo up; read line";

    private final Deque<Closeable> cleanup = new ArrayDeque<>();
    private Posix posix;

    abstract Posix create() throws Exception;

    /** A port nobody listens on, on the loopback addresses. */
    abstract int freePort() throws Exception;

    /** A client's connection, complete as far as the kernel is concerned; closing it ends it. */
    /** Gives up after a second. */
    abstract Closeable connect(Address address) throws Exception;

    final Posix posix() throws Exception {
        if (posix == null) posix = create();
        return posix;
    }

    final Sockets sockets() throws Exception {
        return posix().sockets();
    }

    final Processes processes() throws Exception {
        return posix().processes();
    }

    final <T extends Closeable> T later(T closeable) {
        cleanup.push(closeable);
        return closeable;
    }

    final Fd closing(Fd fd) throws Exception {
        Sockets sockets = sockets();
        later(() -> sockets.close(fd));
        return fd;
    }

    @AfterEach
    void cleanUp() throws Exception {
        while (!cleanup.isEmpty()) cleanup.pop().close();
    }

    final Program shell(String script, Map<Integer, Fd> descriptors) {
        return new Program("/bin/sh", List.of("sh", "-c", script), Map.of("GREETING", "grüß dich"), "/", descriptors, Isolation.GROUP);
    }

    /** Killed and reaped at the end of the test, if it has not been before. */
    final Child start(Program program) throws Exception {
        Processes processes = processes();
        Child child = processes.spawn(program);
        closing(child.pidfd());
        later(() -> {
            if (processes.reap(child.pidfd()).isPresent()) return;
            processes.signal(child.pid(), Signals.KILL);
            try {
                exitOf(child);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return child;
    }

    final Exit exitOf(Child child) throws Exception {
        awaitReadable(child.pidfd());
        return processes().reap(child.pidfd()).orElseThrow();
    }

    final void awaitReadable(Fd fd) throws Exception {
        try (Poll poll = posix().newPoll()) {
            poll.watch(fd, 1);
            assertThat(poll.await(Duration.ofSeconds(20))).as("something to read").isNotEmpty();
        }
    }

    final String readAll(Fd fd) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[1000];
        try (Poll poll = posix().newPoll()) {
            poll.watch(fd, 1);
            while (true) {
                assertThat(poll.await(Duration.ofSeconds(20))).as("output").isNotEmpty();
                int count = sockets().read(fd, buffer, 0, buffer.length);
                if (count == 0) return all.toString(StandardCharsets.UTF_8);
                if (count > 0) all.write(buffer, 0, count);
            }
        }
    }

    final String output(String script, int descriptor) throws Exception {
        Pair pipe = sockets().pipe();
        closing(pipe.ours());
        try {
            start(shell(script, Map.of(descriptor, pipe.theirs())));
        } finally {
            sockets().close(pipe.theirs());
        }
        return readAll(pipe.ours());
    }

    final void fails(String call, Errno errno, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(OsException.class, e -> {
            assertThat(e.call()).isEqualTo(call);
            assertThat(e.errno()).isEqualTo(errno);
        });
    }

    final Optional<Info> infoOf(Pid pid) throws Exception {
        return processes().table().stream().filter(info -> info.pid().equals(pid)).findFirst();
    }

    final Address loopback() throws Exception {
        return new Address("127.0.0.1", freePort(), false);
    }

    final Fd member(Address address) throws Exception {
        return member(address, 100);
    }

    final Fd member(Address address, int backlog) throws Exception {
        Fd fd = closing(sockets().open(address));
        sockets().share(fd);
        sockets().bind(fd, address);
        sockets().listen(fd, backlog);
        return fd;
    }

    final void connectTimes(Address address, int times) throws Exception {
        for (int i = 0; i < times; i++) later(connect(address));
    }

    final List<Integer> queues(List<Fd> members) throws Exception {
        List<Integer> lengths = new ArrayList<>();
        for (Fd member : members) lengths.add(sockets().queue(member).length());
        return lengths;
    }

    final void steerTo(Fd anyMember, int index) throws Exception {
        sockets().steer(anyMember, List.of(new Instruction(0x06, 0, 0, index)));
    }
}
