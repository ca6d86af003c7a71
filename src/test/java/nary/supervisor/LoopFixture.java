package nary.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import nary.config.Launch;
import nary.config.Output;
import nary.config.Release;
import nary.config.Settings;
import nary.log.Capture;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Processes.Info;
import nary.posix.Signals;
import nary.posix.ffm.LinuxPosix;
import nary.rollout.Reason;
import nary.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** A supervisor on the real kernel, with small real workers, and what tests ask of it. */
abstract class LoopFixture {
    private static final String SERVER =
            """
            import os, signal, socket, sys
            s = socket.socket(); s.setsockopt(1, 2, 1)
            s.bind(('127.0.0.1', int(os.environ['PORT']))); s.listen(5)
            signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), os._exit(0)))
            %s
            while True:
                c, _ = s.accept()
                c.recv(4096)
                c.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\n' + (os.environ['VERSION'] + ' ' + str(os.getpid())).encode())
                c.close()
            """;

    final Posix posix = LinuxPosix.create();
    final List<Notice> notices = new CopyOnWriteArrayList<>();
    final int port = freePort();
    @TempDir Path folder;
    @Nullable Capture capture;
    @Nullable Loop loop;
    private @Nullable SignalHandler before;

    LoopFixture() throws Exception {}

    static int freePort() throws Exception {
        for (int port = 18_100 + (int) (ProcessHandle.current().pid() % 800); ; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (java.net.BindException inUse) {
                continue;
            }
        }
    }

    @BeforeEach
    void hearOfChildren() {
        before = Signal.handle(new Signal("CHLD"), _ -> {
            Loop running = loop;
            if (running != null) running.childrenChanged();
        });
    }

    @AfterEach
    void stop() throws Exception {
        if (loop != null && !isEnded()) ask(loop, request -> new Event.StopRequested(request, Optional.of(Duration.ZERO), "the test"));
        if (loop != null) ended();
        if (capture != null) capture.drainAndClose(Duration.ofSeconds(5));
        if (before != null) Signal.handle(new Signal("CHLD"), before);
        assertThat(ours()).as("processes left").isEmpty();
    }

    boolean isEnded() {
        return loop().state().word().equals("stopped");
    }

    Loop loop() {
        return java.util.Objects.requireNonNull(loop);
    }

    static Settings settings(int workers) {
        Settings it = Settings.defaults();
        return new Settings(
                workers, it.readiness(), Optional.of(Duration.ofSeconds(20)), Duration.ofMillis(50), Duration.ofSeconds(10), it.idleGrace(),
                Optional.of(Duration.ofSeconds(2)), it.stopSignal(), it.backlog(), it.ports(), it.listen(), it.takeover(), it.nodePreload(), it.policy());
    }

    static Settings listening(Settings it, Address address) {
        return new Settings(
                it.workerCount(), it.readiness(), it.bootTimeout(), it.settle(), it.drainTimeout(), it.idleGrace(), it.stopTimeout(),
                it.stopSignal(), it.backlog(), it.ports(), List.of(address), it.takeover(), it.nodePreload(), it.policy());
    }

    Release release(String version, List<String> command) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", String.valueOf(System.getenv("PATH")));
        environment.put("PORT", Integer.toString(port));
        environment.put("VERSION", version);
        return new Release(command, folder.toString(), folder.toString(), environment);
    }

    Release server(String version, String extra) throws IOException {
        Files.writeString(folder.resolve(version + ".py"), SERVER.formatted(extra));
        return release(version, List.of("python3", version + ".py"));
    }

    Outcome start(Release release, Settings settings) throws Exception {
        var files = new Launch.Files(path("ipc"), path("pid"), path("log"), path("stdout"), path("stderr"));
        capture = Capture.start(posix, Path.of(files.stdout()), Path.of(files.stderr()), Output.DEFAULT, text -> notices.add(new Notice("Trouble", Optional.empty(), text)));
        CompletableFuture<Outcome> started = new CompletableFuture<>();
        loop = Loop.start(posix, Clock.system(), new Launch(release, settings, files), capture, notices::add, started::complete);
        return started.get(40, TimeUnit.SECONDS);
    }

    String path(String name) {
        return folder.resolve(name).toString();
    }

    interface Question {
        Event about(nary.id.RequestId request);
    }

    static Outcome ask(Loop loop, Question question) throws Exception {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        loop.ask((_, request) -> question.about(request), answer::complete);
        return answer.get(60, TimeUnit.SECONDS);
    }

    Outcome deploy(Release release) throws Exception {
        return ask(loop(), request -> new Event.DeployRequested(request, release, 0, Optional.empty(), Optional.empty(), Optional.empty(), Reason.DEPLOY, "the test"));
    }

    Outcome stopApp() throws Exception {
        return ask(loop(), request -> new Event.StopRequested(request, Optional.empty(), "the test"));
    }

    int ended() throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return loop().awaitEnd();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .get(60, TimeUnit.SECONDS);
    }

    String get() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(20_000);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    /** Living processes that have our port in their environment. */
    Set<Pid> ours() {
        Set<Pid> all = new TreeSet<>();
        for (Info info : posix.processes().table()) {
            boolean isOurs = Integer.toString(port).equals(posix.processes().environmentOf(info.pid()).get("PORT"));
            if (isOurs && info.state() != 'Z' && !info.pid().equals(posix.processes().self())) all.add(info.pid());
        }
        return all;
    }

    static int descriptors() {
        String[] names = new java.io.File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > limit) throw new AssertionError("never: " + what);
            Thread.sleep(5);
        }
    }

    List<String> texts() {
        return notices.stream().map(notice -> notice.name() + " " + notice.text()).toList();
    }

    List<String> troubles() {
        return notices.stream().filter(n -> Set.of("Trouble", "EffectFailed", "SteerFailed").contains(n.name())).map(Notice::text).toList();
    }

    /** Until it is dead: a process that is being killed may still take a connection along. */
    void kill(Pid pid) throws Exception {
        posix.processes().signal(pid, Signals.KILL);
        await("it is dead", () -> posix.processes().table().stream().noneMatch(i -> i.pid().equals(pid) && i.state() != 'Z'));
    }

    Pid firstPid() {
        return loop().state().workers().getFirst().pid().orElseThrow();
    }

    boolean isReaped(Pid pid) {
        try {
            return posix.processes().reapZombie(pid) || posix.processes().table().stream().noneMatch(info -> info.pid().equals(pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
