package nary.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nary.posix.Seccomp.Call;
import nary.posix.sim.SimPosix;
import nary.posix.sim.SimProcess;
import org.junit.jupiter.api.Test;

class SimPosixTest extends PosixContract {
    private final SimPosix sim = new SimPosix(0, 42).install("/bin/sh", SimPosixTest::shell);

    @Override
    Posix create() {
        return sim;
    }

    @Override
    int freePort() {
        return sim.freePort();
    }

    @Override
    Closeable connect(Address address) throws Exception {
        return sim.connect(address);
    }

    @Override
    Received mailbox(String address) {
        var mailbox = sim.mailbox(address, 10);
        return () -> new String(mailbox.remove(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void shell(SimProcess process) {
        switch (process.program().arguments().getLast()) {
            case SAY_WHERE -> {
                process.write(1, process.program().environment().get("GREETING") + "\n" + process.program().directory() + "\n");
                process.exit(3);
            }
            case SAY_FIVE -> {
                process.write(5, "five\n");
                process.exit(0);
            }
            case ECHO_LINE -> process.onInput(0, line -> {
                process.write(1, line);
                process.exit(0);
            });
            case ECHO_AND_WAIT -> {
                process.write(1, "up\n");
                process.onInput(0, line -> process.exit(0));
            }
            case SLEEP -> {}
            default -> throw new IllegalArgumentException("no such script here");
        }
    }

    @Test
    void aFilteredServerIsTakenOverAndItsDeathResetsWhatItHad() throws Exception {
        Address address = loopback();
        List<Integer> results = new ArrayList<>();
        sim.install("/bin/server", process -> {
            int fd = process.socket(false);
            process.bind(fd, address, bound -> {
                results.add(bound);
                process.listen(fd, 5, results::add);
            });
        });
        Fd listener = closing(posix().seccomp().install());
        var child = start(new Processes.Program("/bin/server", List.of("server"), Map.of(), "/", Map.of(), Processes.Isolation.GROUP));
        var bind = posix().seccomp().receive(listener);
        assertThat(bind.call()).isEqualTo(Call.BIND);
        byte[] raw = posix().seccomp().read(bind.threadId(), bind.pointer(), bind.length());
        assertThat(raw).startsWith(2, 0, address.port() >> 8, address.port(), 127, 0, 0, 1);
        Fd copy = closing(sockets().copyFrom(child.pid(), bind.descriptor()));
        sockets().share(copy);
        sockets().bind(copy, address);
        posix().seccomp().answer(listener, bind.id(), 0);
        var listen = posix().seccomp().receive(listener);
        assertThat(listen.backlog()).isEqualTo(5);
        sockets().listen(copy, 9999);
        posix().seccomp().answer(listener, listen.id(), 0);
        assertThat(results).containsExactly(0, 0);

        var taken = sim.connect(address);
        var waiting = sim.connect(address);
        sim.process(child.pid()).orElseThrow().accept(listen.descriptor());
        assertThat(taken.isAccepted()).isTrue();
        processes().signal(child.pid(), Signals.KILL);
        assertThat(taken.isReset()).as("died with the process").isTrue();
        assertThat(waiting.isReset()).as("the supervisor still holds the queue").isFalse();
        sockets().shutdown(copy);
        assertThat(waiting.isReset()).isTrue();
    }
}
