package nary.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import nary.posix.Processes.Child;
import nary.posix.Processes.Exit;
import nary.posix.Seccomp.Call;
import nary.posix.Seccomp.Notification;
import nary.posix.Sockets.Pair;
import nary.posix.ffm.LinuxPosix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** bind and listen of a real server, answered by us: seccomp_unotify(2). */
class LinuxTakeoverTest extends PosixFixture {
    @Override
    Posix create() {
        return LinuxPosix.create();
    }

    @Override
    int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    Closeable connect(Address address) throws Exception {
        Socket socket = new Socket();
        socket.connect(new java.net.InetSocketAddress(InetAddress.getByAddress(address.bytes()), address.port()), 1_000);
        return socket;
    }

    private static final String SERVER =
            """
            import socket, sys
            s = socket.socket()
            s.bind(('127.0.0.1', int(sys.argv[1])))
            s.listen(3)
            print('listening', s.getsockname()[1], flush=True)
            c, _ = s.accept()
            c.sendall(b'hello ' + c.recv(100))
            c.close()
            """;

    /** A filter stays with its thread for good, so each test takes a new one; this is its listener and what it spawned. */
    private record Filtered(Fd listener, @Nullable Child child) {}

    private Filtered filtered(Processes.@Nullable Program program) throws Exception {
        CompletableFuture<Filtered> made = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                Fd listener = posix().seccomp().install();
                made.complete(new Filtered(listener, program == null ? null : processes().spawn(program)));
            } catch (Exception e) {
                made.completeExceptionally(e);
            }
        });
        return made.get(10, TimeUnit.SECONDS);
    }

    private Processes.Program python(String script, Fd output, int port) {
        return as(List.of(), script, output, port);
    }

    private Processes.Program as(List<String> prefix, String script, Fd output, int port) {
        List<String> arguments = new ArrayList<>(List.of("env"));
        arguments.addAll(prefix);
        arguments.addAll(List.of("python3", "-c", script, Integer.toString(port)));
        return new Processes.Program(
                "/usr/bin/env",
                arguments,
                Map.of("PATH", "/usr/bin:/bin:" + System.getenv("PATH")),
                "/",
                Map.of(1, output),
                Processes.Isolation.GROUP);
    }

    private Child startFiltered(String script, int port, Pair pipe, List<Fd> listener) throws Exception {
        return startFiltered(python(script, pipe.theirs(), port), pipe, listener);
    }

    private Child startFiltered(Processes.Program program, Pair pipe, List<Fd> listener) throws Exception {
        Filtered filtered = filtered(program);
        sockets().close(pipe.theirs());
        closing(pipe.ours());
        listener.add(closing(filtered.listener()));
        Child child = filtered.child();
        closing(child.pidfd());
        Processes processes = processes();
        later(() -> processes.signal(child.pid(), Signals.KILL));
        return child;
    }

    @Test
    void anUnmodifiedServerIsTakenOver() throws Exception {
        Address address = loopback();
        Pair pipe = sockets().pipe();
        List<Fd> listeners = new ArrayList<>();
        Child child = startFiltered(SERVER, address.port(), pipe, listeners);
        Fd listener = listeners.getFirst();
        Seccomp seccomp = posix().seccomp();

        Notification bind = seccomp.receive(listener);
        assertThat(bind.call()).isEqualTo(Call.BIND);
        assertThat(bind.length()).isEqualTo(16);
        Pid owner = processes().processOfThread(bind.threadId()).orElseThrow();
        assertThat(owner).isEqualTo(child.pid());
        byte[] raw = seccomp.read(bind.threadId(), bind.pointer(), bind.length());
        assertThat(raw).startsWith(2, 0, address.port() >> 8, address.port(), 127, 0, 0, 1);
        assertThat(seccomp.isValid(listener, bind.id())).isTrue();
        Fd copy = closing(sockets().copyFrom(owner, bind.descriptor()));
        sockets().share(copy);
        sockets().bind(copy, address);
        seccomp.answer(listener, bind.id(), 0);
        assertThat(seccomp.isValid(listener, bind.id())).isFalse();

        Notification listen = seccomp.receive(listener);
        assertThat(listen.call()).isEqualTo(Call.LISTEN);
        assertThat(listen.backlog()).isEqualTo(3);
        assertThat(listen.descriptor()).isEqualTo(bind.descriptor());
        sockets().listen(copy, 1000);
        seccomp.answer(listener, listen.id(), 0);
        assertThat(sockets().queue(copy).limit()).isEqualTo(1000);

        try (Socket client = new Socket("127.0.0.1", address.port())) {
            client.getOutputStream().write("you".getBytes(UTF_8));
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("hello you");
        }
        assertThat(readAll(pipe.ours())).isEqualTo("listening " + address.port() + "\n");
        assertThat(exitOf(child)).isEqualTo(new Exit.Exited(0));
    }

    /** Members of a group must have one user: fchown sets it, see {@link Sockets#share}. */
    @Test
    void asRootTheSocketOfAnotherUserJoinsTheGroup() throws Exception {
        assumeTrue(processes().uid() == 0);
        Address address = loopback();
        Fd first = member(address);
        Pair pipe = sockets().pipe();
        List<String> nobody = List.of("setpriv", "--reuid", "65534", "--clear-groups");
        List<Fd> listeners = new ArrayList<>();
        Child child = startFiltered(as(nobody, SERVER, pipe.theirs(), address.port()), pipe, listeners);
        Seccomp seccomp = posix().seccomp();
        Notification bind = seccomp.receive(listeners.getFirst());
        Fd copy = closing(sockets().copyFrom(child.pid(), bind.descriptor()));
        sockets().share(copy);
        sockets().bind(copy, address);
        seccomp.answer(listeners.getFirst(), bind.id(), 0);
        Notification listen = seccomp.receive(listeners.getFirst());
        sockets().listen(copy, 100);
        seccomp.answer(listeners.getFirst(), listen.id(), 0);
        steerTo(first, 1);
        try (Socket client = new Socket("127.0.0.1", address.port())) {
            client.getOutputStream().write("nobody".getBytes(UTF_8));
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("hello nobody");
        }
        assertThat(exitOf(child)).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void aServerCanBeRefusedOrLetThrough() throws Exception {
        Address address = loopback();
        String script =
                """
                import socket, sys
                s = socket.socket()
                try: s.bind(('127.0.0.1', int(sys.argv[1])))
                except OSError as e: print(e.errno, flush=True)
                s.bind(('127.0.0.1', int(sys.argv[1])))
                print(s.getsockname()[1])
                """;
        Pair pipe = sockets().pipe();
        List<Fd> listeners = new ArrayList<>();
        Child child = startFiltered(script, address.port(), pipe, listeners);
        Seccomp seccomp = posix().seccomp();
        Notification first = seccomp.receive(listeners.getFirst());
        seccomp.answer(listeners.getFirst(), first.id(), Errno.EADDRINUSE.number());
        seccomp.letThrough(listeners.getFirst(), seccomp.receive(listeners.getFirst()).id());
        assertThat(readAll(pipe.ours())).isEqualTo("98\n" + address.port() + "\n");
        assertThat(exitOf(child)).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void aDescriptorOfTheAppCanBeReplaced() throws Exception {
        Address address = loopback();
        Fd ours = member(address);
        String script =
                """
                import socket, sys
                s = socket.socket()
                s.bind(('127.0.0.1', int(sys.argv[1])))
                c, _ = s.accept()
                print(c.recv(100).decode())
                """;
        Pair pipe = sockets().pipe();
        List<Fd> listeners = new ArrayList<>();
        Child child = startFiltered(script, address.port(), pipe, listeners);
        Seccomp seccomp = posix().seccomp();
        Notification bind = seccomp.receive(listeners.getFirst());
        // our member does not block; the app is asked to accept what is already there
        try (Socket client = new Socket("127.0.0.1", address.port())) {
            client.getOutputStream().write("hi".getBytes(UTF_8));
            seccomp.replace(listeners.getFirst(), bind.id(), ours, bind.descriptor(), true);
            assertThat(processes().isCloseOnExec(child.pid(), bind.descriptor())).isTrue();
            seccomp.answer(listeners.getFirst(), bind.id(), 0);
            assertThat(readAll(pipe.ours())).isEqualTo("hi\n");
        }
        assertThat(exitOf(child)).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void aCallerThatDiesIsNoLongerValid() throws Exception {
        Address address = loopback();
        Pair pipe = sockets().pipe();
        List<Fd> listeners = new ArrayList<>();
        Child child = startFiltered(SERVER, address.port(), pipe, listeners);
        Seccomp seccomp = posix().seccomp();
        Notification bind = seccomp.receive(listeners.getFirst());
        processes().signal(child.pid(), Signals.KILL);
        assertThat(exitOf(child)).isEqualTo(new Exit.Killed(Signals.KILL));
        assertThat(seccomp.isValid(listeners.getFirst(), bind.id())).isFalse();
        seccomp.answer(listeners.getFirst(), bind.id(), 0);
        fails("process_vm_readv", Errno.ESRCH, () -> seccomp.read(bind.threadId(), bind.pointer(), bind.length()));
        fails("ioctl(SECCOMP_IOCTL_NOTIF_ADDFD)", Errno.ENOENT, () ->
                seccomp.replace(listeners.getFirst(), bind.id(), pipe.ours(), 5, true));
    }

    @Test
    void shortAddressesAreNotOurBusiness() throws Exception {
        String script =
                """
                import socket, os
                n = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
                n.bind((0, 0))
                print('passed')
                """;
        Pair pipe = sockets().pipe();
        Child child = startFiltered(script, 0, pipe, new ArrayList<>());
        assertThat(readAll(pipe.ours())).isEqualTo("passed\n");
        assertThat(exitOf(child)).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void closingTheListenerEndsTheWait() throws Exception {
        var installed = new CompletableFuture<Fd>();
        var release = new CompletableFuture<Void>();
        Thread.ofPlatform().start(() -> {
            try {
                installed.complete(posix().seccomp().install());
                release.join();
            } catch (Exception e) {
                installed.completeExceptionally(e);
            }
        });
        Fd listener = installed.get(10, TimeUnit.SECONDS);
        var received = new CompletableFuture<@Nullable Notification>();
        Thread.ofPlatform().start(() -> {
            try {
                received.complete(posix().seccomp().receive(listener));
            } catch (Exception e) {
                received.completeExceptionally(e);
            }
        });
        assertThat(received).isNotCompleted();
        sockets().close(listener);
        assertThat(received.get(10, TimeUnit.SECONDS)).isNull();
        release.complete(null);
    }

    @Test
    void whenTheLastFilteredThreadEndsTheWaitEnds() throws Exception {
        Filtered filtered = filtered(null);
        assertThat(posix().seccomp().receive(closing(filtered.listener()))).isNull();
    }
}
