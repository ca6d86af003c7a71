package nary.listen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import nary.listen.Rig.Worker;
import nary.posix.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What unmodified servers do with their sockets, answered by takeover on the real kernel. */
@Timeout(60)
class TakeoverTest {
    private static final int EADDRINUSE = 98;
    private final Rig rig;
    private final Address address = new Address("127.0.0.1", freePort(), false);

    TakeoverTest() throws Exception {
        rig = new Rig();
    }

    @BeforeEach
    void quiet() {
        rig.told.clear();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static int freePort() throws Exception {
        for (int port = 18_100 + (int) (ProcessHandle.current().pid() % 800); ; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (java.net.BindException inUse) {
                continue;
            }
        }
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress("127.0.0.1", address.port()), 10_000);
        return socket;
    }

    private static String read(Socket socket) throws Exception {
        try (socket) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private String python(String template) {
        return template.replace("ADDRESS", "('" + address.ip() + "', " + address.port() + ")");
    }

    @Test
    void a_connection_to_elsewhere_from_a_chosen_port_ends_when_the_worker_closes_it() throws Exception {
        Worker worker = rig.worker(1, 0);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            worker.does(python("s = socket.socket(); s.bind(ADDRESS); s.connect(('127.0.0.1', " + server.getLocalPort() + "))"));
            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(10_000);
                worker.does("s.close()");
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void a_port_that_was_only_probed_is_free_again() throws Exception {
        Worker worker = rig.worker(1, 0);
        worker.does(python("s = socket.socket(); s.bind(ADDRESS); s.close()"));
        try (ServerSocket other = new ServerSocket(address.port(), 1, InetAddress.getByName(address.ip()))) {
            assertThat(other.isBound()).isTrue();
            // somebody else has it now: found out and named, though the claim on the name is still ours
            assertThat(worker.tries(python("s = socket.socket(); s.bind(ADDRESS)"))).isEqualTo("errno " + EADDRINUSE);
            assertThat(rig.nextTold()).contains("refused 1.0", "in use by pid " + ProcessHandle.current().pid());
        }
    }

    @Test
    void probe_by_bind_and_close_then_serve() throws Exception {
        Worker worker = rig.worker(1, 0);
        for (int i = 0; i < 5; i++) worker.does(python("s = socket.socket(); s.bind(ADDRESS); s.close()"));
        worker.serves("s", address);
        assertThat(rig.nextTold()).isEqualTo("listening 1.0 " + address);
        try (Socket client = connect()) {
            worker.answers("s");
            assertThat(read(client)).isEqualTo("1.0");
        }
        assertThat(rig.told).isEmpty();
    }

    @Test
    void bound_twice_is_refused_and_bound_twice_on_purpose_is_not() throws Exception {
        Worker worker = rig.worker(1, 0);
        worker.does(python("a = socket.socket(); a.bind(ADDRESS)"));
        assertThat(worker.tries(python("b = socket.socket(); b.bind(ADDRESS)"))).isEqualTo("errno " + EADDRINUSE);
        worker.does("a.listen(5)");
        assertThat(worker.tries(python("b.bind(ADDRESS)"))).isEqualTo("errno " + EADDRINUSE);
        worker.does(python("c = socket.socket(); c.setsockopt(1, 15, 1); c.bind(ADDRESS); c.listen(5)"));
        rig.listeners.steer(Set.of(worker.id));
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) clients.add(connect());
        assertThat(rig.listeners.listening().get(worker.id)).hasSize(2).allMatch(l -> l.queue().length() > 10);
        for (Socket client : clients) client.close();
    }

    @Test
    void a_listener_that_was_closed_and_opened_again_gets_the_connections() throws Exception {
        Worker worker = rig.worker(1, 0);
        Worker other = rig.worker(1, 1);
        other.serves("s", address);
        for (int i = 0; i < 3; i++) {
            worker.serves("s", address);
            rig.listeners.steer(Set.of(worker.id));
            assertThat(rig.listeners.listening().get(worker.id)).hasSize(1);
            for (int j = 0; j < 8; j++) {
                Socket client = connect();
                worker.answers("s");
                assertThat(read(client)).isEqualTo("1.0");
            }
            worker.does("s.close()");
        }
    }

    @Test
    void a_listener_that_was_shut_down_may_listen_again() throws Exception {
        Worker worker = rig.worker(1, 0);
        Worker other = rig.worker(1, 1);
        worker.serves("s", address);
        other.serves("s", address);
        rig.listeners.steer(Set.of(other.id));
        for (boolean isNoticed : new boolean[] {true, false, true}) {
            worker.does("s.shutdown(socket.SHUT_RDWR)");
            if (isNoticed) assertThat(rig.handleHangups(Duration.ofSeconds(10))).isEqualTo(1);
            worker.does("s.listen(5)");
            assertThat(rig.handleHangups(Duration.ZERO)).isZero();
            rig.listeners.steer(Set.of(worker.id));
            serveEach(worker, 10);
            rig.listeners.steer(Set.of(other.id));
            serveEach(other, 10);
        }
    }

    /** All of these connections reach this worker. */
    private void serveEach(Worker worker, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Socket client = connect();
            worker.answers("s");
            assertThat(read(client)).isEqualTo(worker.id.toString());
        }
    }

    @Test
    void listening_again_and_again_is_told_once() throws Exception {
        Worker worker = rig.worker(1, 0);
        worker.serves("s", address);
        worker.does("for _ in range(200): s.listen(5)");
        assertThat(rig.told).containsExactly("listening 1.0 " + address);
        assertThat(rig.listeners.listening().get(worker.id).getFirst().queue().limit()).isGreaterThan(5);
    }

    @Test
    void asking_for_a_busy_port_again_and_again_is_told_once() throws Exception {
        Worker worker = rig.worker(1, 0);
        try (ServerSocket other = new ServerSocket(address.port(), 1, InetAddress.getByName(address.ip()))) {
            assertThat(other.isBound()).isTrue();
            worker.does("s = socket.socket()");
            for (int i = 0; i < 20; i++) assertThat(worker.tries(python("s.bind(ADDRESS)"))).isEqualTo("errno " + EADDRINUSE);
        }
        assertThat(rig.told).hasSize(1);
        assertThat(rig.nextTold()).contains("refused 1.0 " + address + " is in use by pid " + ProcessHandle.current().pid());
    }

    @Test
    void an_overlapping_address_of_a_new_generation_is_refused() throws Exception {
        rig.worker(1, 0).serves("s", address);
        Worker next = rig.worker(2, 0);
        assertThat(next.tries("s = socket.socket(); s.bind(('0.0.0.0', " + address.port() + "))")).isEqualTo("errno " + EADDRINUSE);
        assertThat(rig.nextTold()).contains("listening 1.0");
        assertThat(rig.nextTold()).contains("refused 2.0", "overlaps " + address);
        next.does("s.close()");
        next.serves("s", address);
        assertThat(rig.nextTold()).isEqualTo("listening 2.0 " + address);
    }

    @Test
    void a_second_supervisor_is_refused_and_the_first_named() throws Exception {
        try (Rig second = new Rig()) {
            rig.worker(1, 0).serves("s", address);
            Worker other = second.worker(1, 0);
            assertThat(other.tries(python("s = socket.socket(); s.setsockopt(1, 15, 1); s.bind(ADDRESS)"))).isEqualTo("errno " + EADDRINUSE);
            assertThat(second.nextTold()).contains("already served by nary, pid " + ProcessHandle.current().pid());
            assertThat(rig.listeners.listening().values()).hasSize(1);
        }
    }

    @Test
    void the_successor_gets_what_its_predecessor_left_in_the_queue() throws Exception {
        Worker first = rig.worker(1, 0);
        first.serves("s", address);
        rig.listeners.steer(Set.of(first.id));
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) clients.add(connect());
        first.kill();
        clients.add(connect());
        Worker heir = rig.worker(1, 0, 2);
        heir.serves("s", address);
        rig.listeners.steer(Set.of(heir.id));
        rig.listeners.free(first.id);
        clients.add(connect());
        for (Socket client : clients) {
            heir.answers("s");
            assertThat(read(client)).isEqualTo("1.0#2");
        }
        assertThat(Rig.drained(rig.told)).containsExactly("listening 1.0 " + address, "listening 1.0#2 " + address);
    }

    @Test
    void a_predecessor_that_goes_on_accepting_keeps_its_socket_one_that_closed_it_leaves_its_queue() throws Exception {
        Worker first = rig.worker(1, 0);
        first.serves("s", address);
        rig.atWork.add(first.id);
        rig.listeners.steer(Set.of(first.id));
        Worker second = rig.worker(1, 0, 2);
        second.serves("s", address);
        rig.atWork.add(second.id);
        Socket client = connect();
        first.answers("s");
        assertThat(read(client)).isEqualTo("1.0");
        rig.listeners.free(first.id);
        rig.listeners.steer(Set.of(second.id));
        Socket waiting = connect();
        second.does("s.close()");
        Worker third = rig.worker(1, 0, 3);
        third.serves("s", address);
        third.answers("s");
        assertThat(read(waiting)).isEqualTo("1.0#3");
    }

    @Test
    void children_forked_after_listen_accept_and_what_they_bind_is_the_workers() throws Exception {
        Worker master = rig.worker(1, 0);
        master.serves("s", address);
        rig.listeners.steer(Set.of(master.id));
        master.does("pid = os.fork(); c = s.accept()[0] if pid == 0 else None; c and (c.sendall(b'child'), os._exit(0))");
        Socket client = connect();
        assertThat(read(client)).isEqualTo("child");
        master.does("os.waitpid(pid, 0)");
    }

    @Test
    void a_multipath_socket_becomes_a_plain_one_that_can_be_steered() throws Exception {
        Worker worker = rig.worker(1, 0);
        String opened = worker.tries("s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)");
        org.junit.jupiter.api.Assumptions.assumeTrue(opened.startsWith("ok"), "no MPTCP here");
        Set<String> before = rig.descriptors();
        worker.does(python("s.bind(ADDRESS); s.listen(5)"));
        assertThat(worker.does("said = os.get_blocking(s.fileno()), s.getsockopt(1, 38)")).isEqualTo("(True, 6)");
        rig.listeners.steer(Set.of(worker.id));
        Socket client = connect();
        worker.answers("s");
        assertThat(read(client)).isEqualTo("1.0");
        worker.does("s.close()");
        rig.listeners.free(worker.id);
        rig.awaitDescriptors(before);
    }

    @Test
    void a_caller_killed_in_the_middle_of_its_bind_leaves_nothing() throws Exception {
        Worker keeper = rig.worker(1, 0);
        Set<String> before = rig.descriptors();
        for (int i = 1; i <= 20; i++) {
            Worker worker = rig.worker(1, i);
            worker.begins(python("while True: s = socket.socket(); s.setsockopt(1, 15, 1); s.bind(ADDRESS); s.listen(5); s.close()"));
            worker.kill();
            rig.listeners.free(worker.id);
        }
        // the responder has answered all that came before this
        keeper.serves("s", address);
        assertThat(rig.listeners.listening().keySet()).containsExactly(keeper.id);
        rig.listeners.free(keeper.id);
        rig.awaitDescriptors(before);
    }

    @Test
    void a_call_answered_after_its_worker_was_given_up_leaves_nothing() throws Exception {
        Worker worker = rig.worker(1, 0);
        Set<String> before = rig.descriptors();
        worker.does(python("s = socket.socket(); s.bind(ADDRESS)"));
        rig.listeners.free(worker.id);
        worker.tries("s.listen(5)");
        worker.tries(python("t = socket.socket(); t.setsockopt(1, 15, 1); t.bind(ADDRESS)"));
        assertThat(rig.listeners.ports()).isEmpty();
        rig.awaitDescriptors(before);
    }

    @Test
    void the_socket_of_a_dead_worker_stays_open_while_its_heir_is_spawned_with_it() throws Exception {
        var first = new nary.id.WorkerId(1, 0, 1);
        var second = new nary.id.WorkerId(1, 0, 2);
        var third = new nary.id.WorkerId(1, 0, 3);
        rig.listeners.expect(second, Set.of(first));
        rig.listeners.expect(third, Set.of(second));
        Set<String> before = rig.descriptors();
        var socket = rig.listeners.preopen(first, address);
        rig.listeners.handedOver(first);
        assertThat(rig.listeners.preopen(second, address)).isEqualTo(socket);
        rig.listeners.free(first);
        connect().close();
        rig.listeners.handedOver(second);
        assertThat(rig.listeners.preopen(third, address)).isEqualTo(socket);
        rig.listeners.free(third);
        connect().close();
        assertThat(rig.listeners.listening().keySet()).containsExactly(second);
        rig.listeners.free(second);
        rig.awaitDescriptors(before);
    }

    @Test
    void a_failed_handover_leaves_no_descriptor() throws Exception {
        Set<String> before = rig.descriptors();
        try (ServerSocket other = new ServerSocket(address.port(), 1, InetAddress.getByName(address.ip()))) {
            assertThat(other.isBound()).isTrue();
            Address foreign = new Address("192.0.2.1", address.port(), false);
            for (Address bad : List.of(address, foreign)) {
                org.assertj.core.api.Assertions.assertThatThrownBy(() -> rig.listeners.preopen(new nary.id.WorkerId(1, 0, 1), bad))
                        .isInstanceOf(nary.posix.OsException.class)
                        .hasMessageContaining(bad.ip());
            }
        }
        assertThat(rig.listeners.ports()).isEmpty();
        rig.awaitDescriptors(before);
    }

    @Test
    void readers_and_changes_from_many_threads_do_not_lock_each_other_out() throws Exception {
        Worker a = rig.worker(1, 0);
        Worker b = rig.worker(1, 1);
        a.serves("s", address);
        CompletableFuture<?> reading = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 300; i++) look();
        });
        for (int i = 0; i < 30; i++) {
            b.serves("s", address);
            rig.listeners.steer(Set.of(a.id, b.id));
            rig.listeners.steer(Set.of(a.id));
            b.does("s.close()");
            rig.listeners.closeAbandoned(b.id, rig.treeOf(b.id));
        }
        reading.get(30, TimeUnit.SECONDS);
        assertThat(rig.listeners.listening().keySet()).containsExactly(a.id);
    }

    private void look() {
        try {
            rig.listeners.listening();
            ConnectionCounts.take(rig.posix, rig.listeners.ports());
        } catch (nary.posix.OsException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
