package nary.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ServerTest {
    @TempDir
    Path folder;

    private final FakeEngine engine = new FakeEngine();
    private Path ipc;
    private Server server;

    @BeforeEach
    void listen() throws Exception {
        ipc = folder.resolve("nary.ipc");
        server = server();
        server.listen(ipc);
        server.serve(engine);
    }

    private Server server() {
        return new Server(new Message.Hello(Wire.PROTOCOL, "0.1.0", 99, ipc.toString(), "/srv"), _ -> {});
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) Thread.sleep(2);
    }

    private String sendRaw(byte[] bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(ipc))) {
            var in = Channels.newInputStream(channel);
            Lines lines = Lines.of(in, 1 << 20);
            assertThat(lines.next()).contains("\"hello\"");
            try {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) channel.write(buffer);
            } catch (IOException closedByServer) {
                // it had read enough
            }
            String answer = lines.next();
            assertThat(lines.next()).isNull();
            return String.valueOf(answer);
        }
    }

    @Test
    void theSocketIsForItsOwnerOnlyAndGoneAtTheEnd() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ipc))).isEqualTo("rw-------");
        server.close();
        assertThat(ipc).doesNotExist();
    }

    @Test
    void manyClientsAreAnsweredAtOnceWhileADeployRuns() throws Exception {
        try (Client deployer = Client.connect(ipc)) {
            List<Notice> notices = new ArrayList<>();
            deployer.send(new Request.Follow());
            long id = deployer.send(new Request.Deploy(DeployChange.none("pid 1")));
            await(engine::isDeploying);
            for (int i = 0; i < 50; i++) {
                try (Client other = Client.connect(ipc)) {
                    assertThat(other.status(Duration.ofSeconds(5))).isEqualTo(FakeEngine.STATUS);
                    var refused = (Reply.Ended) other.await(other.send(new Request.Deploy(DeployChange.none("pid 2"))), _ -> {});
                    assertThat(refused.outcome()).isInstanceOf(Outcome.Refused.class);
                }
            }
            engine.finish(new Outcome.Done("generation 2 serves"));
            var ended = (Reply.Ended) deployer.await(id, notices::add);
            assertThat(ended.outcome().text()).isEqualTo("generation 2 serves");
            assertThat(notices).extracting(Notice::text).contains("worker 2.0 boots");
        }
    }

    @Test
    void aFailureCarriesTheWorkersLastErrors() throws Exception {
        try (Client client = Client.connect(ipc)) {
            long id = client.send(new Request.Deploy(DeployChange.none("x")));
            await(engine::isDeploying);
            engine.finish(new Outcome.Failed("it crashed", java.util.Optional.of(new nary.id.WorkerId(2, 0, 1))));
            assertThat(((Reply.Ended) client.await(id, _ -> {})).lastErrors()).containsExactly("Error: no module", "    at 2.0");
        }
    }

    @Test
    void aClientThatLeavesDoesNotAbortItsDeploy() throws Exception {
        Client client = Client.connect(ipc);
        client.send(new Request.Follow());
        client.send(new Request.Deploy(DeployChange.none("x")));
        await(engine::isDeploying);
        client.close();
        await(() -> engine.listeners() == 0);
        assertThat(engine.isDeploying()).isTrue();
    }

    @Test
    void garbageHugeAndBinaryLinesAreAnsweredInOneLineAndClosed() throws Exception {
        assertThat(sendRaw("hello\n".getBytes(StandardCharsets.UTF_8))).contains("\"error\":\"no JSON");
        assertThat(sendRaw(new byte[200_000])).contains("a line longer than 65536 bytes");
        assertThat(sendRaw(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'})).contains("not UTF-8");
        assertThat(sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8))).contains("error");
        try (Client client = Client.connect(ipc)) {
            assertThat(client.status(Duration.ofSeconds(5))).isEqualTo(FakeEngine.STATUS);
        }
    }

    @Test
    void aClientThatDoesNotReadMissesEventsAndIsToldHowMany() throws Exception {
        int said = 5_000;
        try (Client lazy = Client.connect(ipc)) {
            lazy.send(new Request.Follow());
            await(() -> engine.listeners() == 1);
            for (int i = 0; i < said; i++) engine.say("Noise", "x".repeat(1_000));
            int[] heard = new int[1];
            int[] missed = new int[1];
            assertThat(lazy.follow(notice -> {
                        if (notice.name().equals("Noise")) heard[0]++;
                        if (notice.name().equals(Notice.MISSED)) missed[0] += Integer.parseInt(notice.text().split(" ")[0]);
                        if (heard[0] == 200) engine.say("Noise", "more");
                        return notice.name().equals(Notice.MISSED);
                    }))
                    .isTrue();
            assertThat(missed[0]).isPositive();
            assertThat(heard[0] + missed[0]).isBetween(said, said + 1);
        }
        await(() -> engine.listeners() == 0);
    }

    @Test
    void aClientThatDoesNotReadItsAnswersIsDropped() throws Exception {
        try (SocketChannel lazy = SocketChannel.open(UnixDomainSocketAddress.of(ipc))) {
            ByteBuffer ask = ByteBuffer.wrap("{\"nary\":1,\"id\":1,\"do\":\"launch\"}\n".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> {
                        while (true) lazy.write(ask.rewind());
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void theSocketOfADeadDaemonIsReplaced() throws Exception {
        Path stale = folder.resolve("stale.ipc");
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThatThrownBy(() -> Client.connect(stale)).isInstanceOf(NoDaemon.class).hasMessageContaining("nobody listens at");
        server.listen(stale);
        Client.connect(stale).close();
    }

    @Test
    void whatIsNoSocketOfADeadDaemonIsRefusedAndKept() throws Exception {
        Path garbage = Files.writeString(folder.resolve("garbage.ipc"), "mine");
        assertThatThrownBy(() -> server.listen(garbage)).isInstanceOf(Refusal.class).hasMessageContaining("is no control socket");
        assertThat(Files.readString(garbage)).isEqualTo("mine");
        Path other = folder.resolve("other.ipc");
        try (var alive = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            alive.bind(UnixDomainSocketAddress.of(other));
            assertThatThrownBy(() -> server.listen(other)).isInstanceOf(Refusal.class).hasMessageContaining("another program listens");
        }
        Path tooLong = folder.resolve("x".repeat(120));
        assertThatThrownBy(() -> server.listen(tooLong)).isInstanceOf(Refusal.class).hasMessageContaining("Linux allows 107");
    }

    @Test
    void theRegistryFindsADaemonWhoseSocketWasDeleted() throws Exception {
        Registry registry = Registry.of(Map.of("XDG_RUNTIME_DIR", folder.toString()));
        server.register(registry, ProcessHandle.current().pid());
        Files.delete(ipc);
        try (Client found = registry.find(ipc)) {
            assertThat(found).isNotNull();
            assertThat(found.status(Duration.ofSeconds(5))).isEqualTo(FakeEngine.STATUS);
        }
    }

    @Test
    void theLockIsHeldOnceAndLeavesNoFile() throws Exception {
        Path path = DaemonLock.pathFor(ipc);
        Files.writeString(path, "12345\n");
        try (DaemonLock _ = DaemonLock.acquire(ipc)) {
            assertThat(Files.readString(path)).startsWith(ProcessHandle.current().pid() + "\n");
        }
        assertThat(path).doesNotExist();
    }
}
