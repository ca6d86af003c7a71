package nary.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import nary.posix.Processes.Child;
import nary.posix.Processes.Exit;
import nary.posix.SockDiag.TcpState;
import nary.posix.Sockets.Instruction;
import nary.posix.Sockets.Pair;
import nary.posix.ffm.LinuxPosix;
import nary.posix.ffm.Mailbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxPosixTest extends PosixContract {
    private static final int NET_OFF = -0x100000;

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

    @Override
    Received mailbox(String address) throws Exception {
        Mailbox mailbox = later(new Mailbox(address));
        return () -> java.util.Objects.requireNonNull(mailbox.take(Duration.ofSeconds(20)));
    }

    private static Socket connectFrom(int sourcePort, Address address) throws Exception {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(address.bytes()), sourcePort));
        socket.connect(new InetSocketAddress(InetAddress.getByAddress(address.bytes()), address.port()));
        return socket;
    }

    // --- processes

    @Test
    void noOtherDescriptorReachesTheChildAndTheStandardOnesAreThere() throws Exception {
        Pair other = sockets().pair();
        closing(other.ours());
        closing(other.theirs());
        Pair pipe = sockets().pipe();
        closing(pipe.ours());
        start(shell("exec ls -l /proc/self/fd", Map.of(1, pipe.theirs(), 7, other.theirs())));
        sockets().close(pipe.theirs());
        List<String> links = readAll(pipe.ours())
                .lines()
                .filter(line -> line.contains(" -> "))
                .map(line -> line.replaceFirst(".* (\\d+ -> [^:]*).*", "$1"))
                .toList();
        assertThat(links).hasSize(5).contains("0 -> /dev/null", "1 -> pipe", "2 -> /dev/null", "7 -> socket");
        assertThat(links).as("the directory ls reads").anyMatch(link -> link.matches("3 -> /proc/\\d+/fd"));
    }

    /** SIGCANCEL and SIGSETXID (32, 33) are glibc's own: its posix_spawn ignores them in the child, until the program's libc takes them. */
    @Test
    void signalsHaveTheirDefaultsInTheChild() throws Exception {
        List<String> signals = output("exec cat /proc/self/status", 1)
                .lines()
                .filter(line -> line.matches("Sig(Blk|Ign|Cgt):.*"))
                .toList();
        assertThat(signals).hasSize(3).allMatch(line -> line.endsWith("\t0000000000000000") || line.equals("SigIgn:\t0000000180000000"));
    }

    @Test
    void aMissingInterpreterIsAnErrorOfTheSpawn() throws Exception {
        var script = java.nio.file.Files.createTempFile("nary", ".sh");
        later(() -> java.nio.file.Files.delete(script));
        java.nio.file.Files.writeString(script, "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        var program = new Processes.Program(
                script.toString(), List.of("x"), Map.of(), "/", Map.of(), Processes.Isolation.GROUP);
        fails("posix_spawn", Errno.ENOENT, () -> processes().spawn(program));
    }

    @Test
    void aRelativePathStartsAtTheDirectory() throws Exception {
        var program = new Processes.Program(
                "sh", List.of("sh", "-c", "exit 4"), Map.of(), "/bin", Map.of(), Processes.Isolation.GROUP);
        assertThat(exitOf(start(program))).isEqualTo(new Exit.Exited(4));
    }

    @Test
    void aProcessThatIsNotOursRunsUntilItsPidfdTells() throws Exception {
        Pid parent = new Pid((int) ProcessHandle.current().parent().orElseThrow().pid());
        assertThat(processes().reap(closing(processes().openPidfd(parent)))).isEmpty();
        assertThat(processes().reapZombie(parent)).isFalse();
    }

    @Test
    void ourOwnThreadsBelongToUs() throws Exception {
        var threads = new java.io.File("/proc/self/task").list();
        for (String thread : threads) {
            var owner = processes().processOfThread(Integer.parseInt(thread));
            assertThat(owner).satisfiesAnyOf(o -> assertThat(o).contains(processes().self()), o -> assertThat(o).isEmpty());
        }
    }

    @Test
    void whoComputesIsAwakeAndWhoSleepsIsNot() throws Exception {
        Child busy = start(shell("while :; do :; done", Map.of()));
        Child idle = start(shell(SLEEP, Map.of()));
        int thread = busy.pid().number();
        awaitThat("it has had some time", () -> processes().awake(busy.pid()).getOrDefault(thread, 0L) > 2);
        awaitThat("it sleeps", () -> processes().awake(idle.pid()).isEmpty());
        processes().signal(busy.pid(), Signals.number("STOP"));
        awaitThat("it is stopped", () -> processes().awake(busy.pid()).isEmpty());
    }

    private static void awaitThat(String what, java.util.concurrent.Callable<Boolean> holds) throws Exception {
        long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(limit);
            Thread.sleep(5);
        }
    }

    @Test
    void epollAndCloseOnExecAreSeen() throws Exception {
        Pid self = processes().self();
        Fd fd = closing(sockets().pipe().ours());
        assertThat(processes().isPolled(self, fd.number())).isFalse();
        try (Poll poll = posix().newPoll()) {
            poll.watch(fd, 1);
            assertThat(processes().isPolled(self, fd.number())).isTrue();
        }
        assertThat(processes().isPolled(self, fd.number())).isFalse();
        assertThat(processes().isCloseOnExec(self, fd.number())).isTrue();
        Child child = start(shell(SLEEP, Map.of(5, fd)));
        assertThat(processes().isCloseOnExec(child.pid(), 5)).isFalse();
    }

    @Test
    void processesStartAtTheSameTimeFromManyThreads() throws Exception {
        List<CompletableFuture<Exit>> exits = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int code = i;
            exits.add(CompletableFuture.supplyAsync(() -> {
                try {
                    Child child = processes().spawn(shell("exit " + code, Map.of()));
                    Exit exit = exitOf(child);
                    sockets().close(child.pidfd());
                    return exit;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (int i = 0; i < 16; i++) assertThat(exits.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Exited(i));
    }

    // --- sockets

    @Test
    void aCopyIsTheSameOpenSocket() throws Exception {
        Fd ours = member(loopback());
        Child child = start(shell(SLEEP, Map.of(5, ours)));
        Fd copy = closing(sockets().copyFrom(child.pid(), 5));
        assertThat(sockets().facts(copy)).isEqualTo(sockets().facts(ours));
        assertThat(processes().socketInodes(child.pid())).containsExactly(sockets().facts(ours).inode());
        assertThat(processes().isCloseOnExec(processes().self(), copy.number())).isTrue();
        fails("pidfd_getfd", Errno.EBADF, () -> sockets().copyFrom(child.pid(), 77));
    }

    @Test
    void ipv6ListensWithAndWithoutIpv4() throws Exception {
        int port = freePort();
        Address six = new Address("::", port, true);
        Address four = new Address("0.0.0.0", port, false);
        Fd both = member(six);
        member(four);
        assertThat(sockets().facts(both).v6only()).isTrue();
        assertThat(posix().sockDiag().connections(port, EnumSet.of(TcpState.LISTEN)))
                .extracting(SockDiag.Connection::local)
                .containsExactlyInAnyOrder(four, six);
        Fd dual = closing(sockets().open(new Address("::", port, false)));
        sockets().reuseAddress(dual);
        fails("bind", Errno.EADDRINUSE, () -> sockets().bind(dual, new Address("::", port, false)));
    }

    @Test
    void fourAndMappedSixAreSeenAsTheKernelHoldsThem() throws Exception {
        int port = freePort();
        member(new Address("::", port, false));
        later(connect(new Address("127.0.0.1", port, false)));
        later(connect(new Address("::1", port, false)));
        assertThat(posix().sockDiag().connections(port, EnumSet.of(TcpState.ESTABLISHED)))
                .extracting(connection -> connection.local().toString())
                .containsExactlyInAnyOrder("[::ffff:127.0.0.1]:" + port, "[::1]:" + port);
    }

    @Test
    void aDumpOfManyPartsIsComplete() throws Exception {
        Address address = loopback();
        Fd member = member(address, 4096);
        connectTimes(address, 600);
        assertThat(posix().sockDiag().connections(address.port(), EnumSet.of(TcpState.ESTABLISHED))).hasSize(600);
        int limit = sockets().queue(member).limit();
        assertThat(sockets().queue(member)).isEqualTo(new Sockets.Queue(600, limit));
    }

    @Test
    void whoSpokeLastAndWhenIsSeen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            client.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
            long afterRequest = System.nanoTime();
            while (System.nanoTime() - afterRequest < 60_000_000) Thread.onSpinWait();
            accepted.getOutputStream().write(2);
            assertThat(client.getInputStream().read()).isEqualTo(2);
            client.getOutputStream().write(new byte[] {3, 4});
            client.getOutputStream().flush();
            var seen = posix().sockDiag().connections(server.getLocalPort(), EnumSet.of(TcpState.ESTABLISHED));
            assertThat(seen).singleElement().satisfies(connection -> {
                assertThat(connection.inode()).isPositive();
                assertThat(processes().socketInodes(processes().self())).contains(connection.inode());
                assertThat(connection.unread()).isEqualTo(2);
                assertThat(connection.sentAgo()).isLessThan(5000);
                assertThat(connection.receivedAgo()).isLessThan(5000);
            });
        }
    }

    // --- steering by the packet's source port

    /** half word at the network header + offset; equal to the port: member 1, else member 0. */
    private static List<Instruction> bySourcePort(int port, boolean six) {
        return List.of(
                new Instruction(0x28, 0, 0, NET_OFF + (six ? 40 : 20)),
                new Instruction(0x15, 0, 1, port),
                new Instruction(0x06, 0, 0, 1),
                new Instruction(0x06, 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aProgramSeesTheSourcePort(String ip) throws Exception {
        Address address = new Address(ip, freePort(), false);
        List<Fd> members = List.of(member(address), member(address));
        int source = freePort();
        sockets().steer(members.get(0), bySourcePort(source, address.isV6()));
        connectTimes(address, 20);
        assertThat(queues(members)).containsExactly(20, 0);
        later(connectFrom(source, address));
        assertThat(queues(members)).containsExactly(20, 1);
        connectTimes(address, 20);
        assertThat(queues(members)).containsExactly(40, 1);
    }

    /** byte 0 of the network header tells the version: 0x4. → offset 20, else 40. */
    @Test
    void onADualStackSocketTheProgramTellsTheVersionsApart() throws Exception {
        int port = freePort();
        Address dual = new Address("::", port, false);
        List<Fd> members = List.of(member(dual), member(dual));
        int source = freePort();
        sockets().steer(members.get(0), List.of(
                new Instruction(0x30, 0, 0, NET_OFF), // ldb [net + 0]
                new Instruction(0x54, 0, 0, 0xf0), // and #0xf0
                new Instruction(0x15, 0, 2, 0x40), // jeq #0x40
                new Instruction(0x28, 0, 0, NET_OFF + 20), // ldh [net + 20]
                new Instruction(0x05, 0, 0, 1), // ja +1
                new Instruction(0x28, 0, 0, NET_OFF + 40), // ldh [net + 40]
                new Instruction(0x15, 0, 1, source),
                new Instruction(0x06, 0, 0, 1),
                new Instruction(0x06, 0, 0, 0)));
        connectTimes(new Address("127.0.0.1", port, false), 5);
        connectTimes(new Address("::1", port, false), 5);
        assertThat(queues(members)).containsExactly(10, 0);
        later(connectFrom(source, new Address("127.0.0.1", port, false)));
        later(connectFrom(source, new Address("::1", port, false)));
        assertThat(queues(members)).containsExactly(10, 2);
    }

    @Test
    void timeoutsOfAFewMillisecondsAreKept() throws Exception {
        try (Poll poll = posix().newPoll()) {
            assertThat(poll.await(Duration.ofNanos(1))).isEmpty();
        }
    }

    @Test
    void aLastingPipeHoldsWhatWasWrittenWhenItsReaderIsGone() throws Exception {
        Pair pipe = sockets().lastingPipe(1 << 20);
        closing(pipe.theirs());
        byte[] bytes = new byte[100_000];
        assertThat(sockets().write(pipe.theirs(), bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(sockets().read(pipe.ours(), bytes, 0, 10)).isEqualTo(10);
        sockets().close(pipe.ours());
        assertThat(sockets().write(pipe.theirs(), bytes, 0, 10)).isEqualTo(10);
    }

    @Test
    void aLastingPipeEndsWhenItsWriterIsGone() throws Exception {
        Pair pipe = sockets().lastingPipe(4096);
        closing(pipe.ours());
        assertThat(sockets().read(pipe.ours(), new byte[1], 0, 1)).isEqualTo(-1);
        sockets().close(pipe.theirs());
        assertThat(sockets().read(pipe.ours(), new byte[1], 0, 1)).isZero();
    }
}
