package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import nary.config.Readiness;
import nary.config.Release;
import nary.config.Settings;
import nary.posix.Address;
import nary.posix.Pid;
import nary.posix.Signals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole supervisor on the real kernel, with small real workers. */
@Timeout(120)
class LoopTest extends LoopFixture {
    LoopTest() throws Exception {}

    @Test
    void boot_serve_and_stop_with_nothing_left() throws Exception {
        assertThat(start(server("v1", ""), settings(2))).isInstanceOf(Outcome.Done.class);
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 40; i++) answers.add(get());
        assertThat(answers).hasSize(2).allMatch(answer -> answer.startsWith("v1 "));
        assertThat(stopApp()).isInstanceOf(Outcome.Done.class);
        assertThat(ended()).isZero();
        assertThat(ours()).isEmpty();
        assertThat(troubles()).isEmpty();
    }

    @Test
    void twenty_deploys_under_load_lose_nothing_and_leave_no_descriptor() throws Exception {
        assertThat(start(server("v0", ""), settings(2))).isInstanceOf(Outcome.Done.class);
        for (int i = 0; i < 3; i++) assertThat(deploy(server("w" + i, ""))).isInstanceOf(Outcome.Done.class);
        int before = restingDescriptors();
        List<String> failures = new CopyOnWriteArrayList<>();
        Load load = new Load(failures);
        for (int i = 0; i < 20; i++) assertThat(deploy(server("v" + i, ""))).isInstanceOf(Outcome.Done.class);
        load.end();
        assertThat(failures).isEmpty();
        await("as few descriptors as before, " + before, () -> descriptors() <= before);
        assertThat(ours()).hasSize(2);
        assertThat(troubles()).isEmpty();
        assertThat(get()).startsWith("v19 ");
    }

    private final class Load {
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean isOver;

        Load(List<String> failures) {
            for (int i = 0; i < 3; i++) threads.add(Thread.ofPlatform().start(() -> {
                while (!isOver) request(failures);
            }));
        }

        private void request(List<String> failures) {
            try {
                String answer = get();
                if (!answer.matches("[vw]\\d+ \\d+")) failures.add("answer '" + answer + "'");
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }

        void end() throws InterruptedException {
            isOver = true;
            for (Thread thread : threads) thread.join(30_000);
        }
    }

    @Test
    void a_killed_worker_is_replaced_and_its_exit_is_told_as_it_was() throws Exception {
        assertThat(start(server("v1", ""), settings(1))).isInstanceOf(Outcome.Done.class);
        for (int i = 0; i < 3; i++) {
            Pid pid = firstPid();
            int seen = notices.size();
            kill(pid);
            assertThat(get()).startsWith("v1 ").doesNotContain(pid.toString());
            await("the death is told", () -> notices.stream().skip(seen).anyMatch(n -> n.name().equals("WorkerDeath")));
            assertThat(texts()).anyMatch(text -> text.contains("was ended by signal SIGKILL"));
            await("it serves", () -> loop().state().workers().getFirst().phase() == nary.worker.Phase.SERVING);
        }
        assertThat(troubles()).isEmpty();
    }

    @Test
    void workers_that_die_at_once_are_told_with_their_own_exit_code() throws Exception {
        // orphans are reaped all the time meanwhile: nobody may take a leader for one
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread reaper = Thread.ofPlatform().start(() -> {
            while (!over.isDone()) {
                Loop running = loop;
                if (running != null) running.childrenChanged();
                Thread.yield();
            }
        });
        assertThat(start(release("v1", List.of("sh", "-c", "exit 7")), settings(12)))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.text()).contains("exited with exit code 7"));
        assertThat(ended()).isEqualTo(1);
        over.complete(null);
        reaper.join(10_000);
        assertThat(texts()).noneMatch(text -> text.contains("unknown status") || text.contains("could not be started"));
    }

    @Test
    void what_a_worker_said_last_is_known_when_its_failed_boot_is() throws Exception {
        Outcome outcome = start(release("v1", List.of("sh", "-c", "echo last words >&2; kill -9 $$")), settings(1));
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        var witness = ((Outcome.Failed) outcome).witness().orElseThrow();
        assertThat(capture == null ? List.of() : capture.lastErrors(witness, 5)).containsExactly("last words");
    }

    @Test
    void a_program_that_is_not_there_fails_the_start_and_the_deploy() throws Exception {
        assertThat(start(server("v1", ""), settings(1))).isInstanceOf(Outcome.Done.class);
        int before = restingDescriptors();
        for (int i = 0; i < 5; i++) {
            assertThat(deploy(release("v2", List.of("no-such-program"))))
                    .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.text()).contains("no-such-program"));
        }
        assertThat(get()).startsWith("v1 ");
        await("as few descriptors as before, " + before, () -> descriptors() <= before);
    }

    @Test
    void a_bad_version_leaves_the_old_one_and_nothing_else() throws Exception {
        assertThat(start(server("v1", ""), settings(2))).isInstanceOf(Outcome.Done.class);
        Set<Pid> good = ours();
        int before = restingDescriptors();
        Release dies = server("v2", "import time; time.sleep(0.02); os.kill(os.getpid(), 9)");
        Release refused = server("v3", "t = socket.socket(); t.bind(('0.0.0.0', int(os.environ['PORT'])))");
        for (Release bad : List.of(dies, refused)) {
            assertThat(deploy(bad)).isInstanceOf(Outcome.Failed.class);
            for (int i = 0; i < 20; i++) assertThat(get()).startsWith("v1 ");
            await("only the good ones live", () -> ours().equals(good));
        }
        await("as few descriptors as before, " + before, () -> descriptors() <= before);
    }

    @Test
    void children_in_the_group_in_a_session_of_their_own_and_orphans_end_with_their_worker() throws Exception {
        String families =
                """
                def daemon(*steps):
                    pid = os.fork()
                    if pid:
                        os.waitpid(pid, 0) if len(steps) > 1 else None
                        return
                    if 'setsid' in steps: os.setsid()
                    if 'again' in steps and os.fork(): os._exit(0)
                    if 'deaf' in steps: signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    else: signal.signal(signal.SIGTERM, signal.SIG_DFL)
                    s.close()
                    signal.pause()
                    while True: signal.pause()
                daemon('plain'); daemon('setsid'); daemon('setsid', 'again'); daemon('setsid', 'again', 'deaf')
                """;
        String family = families.strip();
        assertThat(start(server("v1", family), settings(1))).isInstanceOf(Outcome.Done.class);
        await("a family of five", () -> ours().size() == 5);
        assertThat(get()).startsWith("v1 ");
        assertThat(deploy(server("v2", family))).isInstanceOf(Outcome.Done.class);
        await("only the new family lives", () -> ours().size() == 5 && ours().contains(firstPid()));
        kill(firstPid());
        assertThat(get()).startsWith("v2 ");
        await("the heir's family only", () -> ours().size() == 5);
        assertThat(stopApp()).isInstanceOf(Outcome.Done.class);
        assertThat(ended()).isZero();
        assertThat(ours()).isEmpty();
        await("no zombie", () -> posix.processes().table().stream().noneMatch(i -> i.state() == 'Z' && i.parent().equals(posix.processes().self())));
    }

    @Test
    void handed_over_sockets_block_as_those_of_systemd_do() throws Exception {
        Files.writeString(
                folder.resolve("handed.py"),
                """
                import os, socket
                assert os.environ['LISTEN_PID'] == str(os.getpid()) and os.environ['LISTEN_FDS'] == '1'
                assert os.get_blocking(3), 'the socket does not block'
                s = socket.socket(fileno=3)
                while True:
                    c, _ = s.accept(); c.settimeout(1)
                    try: c.recv(4096); c.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\n' + os.environ['VERSION'].encode())
                    except OSError: pass
                    c.close()
                """);
        List<String> command = List.of("python3", "handed.py");
        Settings settings = listening(settings(2), new Address("127.0.0.1", port, false));
        assertThat(start(release("v1", command), settings)).isInstanceOf(Outcome.Done.class);
        assertThat(get()).isEqualTo("v1");
        assertThat(deploy(release("v2", command))).isInstanceOf(Outcome.Done.class);
        assertThat(get()).isEqualTo("v2");
        kill(firstPid());
        for (int i = 0; i < 10; i++) assertThat(get()).isEqualTo("v2");
    }

    @Test
    void a_worker_without_listener_that_ignores_its_stop_signal_is_killed_in_time() throws Exception {
        Settings it = settings(1);
        Settings delayed = new Settings(
                1, new Readiness.Delay(Duration.ofMillis(10)), it.bootTimeout(), it.settle(), it.drainTimeout(), it.idleGrace(),
                Optional.of(Duration.ofMillis(200)), it.stopSignal(), it.backlog(), it.ports(), it.listen(), it.takeover(), it.nodePreload(), it.policy());
        String deaf = "trap '' TERM; sleep 1000 & while :; do wait; done";
        assertThat(start(release("v1", List.of("sh", "-c", deaf)), delayed)).isInstanceOf(Outcome.Done.class);
        long begun = System.nanoTime();
        assertThat(stopApp()).isInstanceOf(Outcome.Done.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(ended()).isZero();
        assertThat(ours()).isEmpty();
    }

    @Test
    void every_question_gets_one_answer_also_when_it_cannot_be_asked() throws Exception {
        assertThat(start(server("v1", ""), settings(1))).isInstanceOf(Outcome.Done.class);
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        loop().ask((_, _) -> {
            throw new IllegalStateException("a mistake of ours");
        }, answer::complete);
        assertThat(answer.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
        loop().run(() -> loop().emit(new Notice("Test", Optional.empty(), "it goes on")));
        await("it goes on", () -> texts().contains("Test it goes on"));
        assertThat(get()).startsWith("v1 ");
        assertThat(stopApp()).isInstanceOf(Outcome.Done.class);
        assertThat(ended()).isZero();
        CompletableFuture<Outcome> late = new CompletableFuture<>();
        loop().ask((_, request) -> new Event.AbortRequested(request), late::complete);
        assertThat(late.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void a_supervisor_that_fails_says_so_once_answers_all_and_names_who_is_left() throws Exception {
        assertThat(start(server("v1", ""), settings(1))).isInstanceOf(Outcome.Done.class);
        Set<Pid> left = ours();
        Loop failing = loop();
        failing.run(() -> {
            throw new UncheckedIOException(new IOException("a mistake of ours"));
        });
        try {
            org.assertj.core.api.Assertions.assertThatThrownBy(failing::awaitEnd)
                    .hasMessageContaining("a mistake of ours")
                    .hasMessageContaining("pids " + left.iterator().next());
            CompletableFuture<Outcome> late = new CompletableFuture<>();
            failing.ask((_, request) -> new Event.AbortRequested(request), late::complete);
            assertThat(late.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Refused.class);
            assertThat(get()).startsWith("v1 ");
        } finally {
            failing.listeners().closeAll();
            for (Pid pid : left) posix.processes().signal(pid, Signals.KILL);
            for (Pid pid : left) await("reaped", () -> isReaped(pid));
            loop = null;
        }
    }

    /** Once the app's directory is watched, which is begun at the start and not waited for. */
    private int restingDescriptors() throws InterruptedException {
        Loop running = java.util.Objects.requireNonNull(loop);
        await("the directory is watched", () -> running.closing().hasLooked());
        return descriptors();
    }
}
