package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The control socket under too much at once. */
@Tag("it")
class CrowdTest {
    private static final int MEGABYTE = 1 << 20;
    private static final String STATUS = "{\"nary\":1,\"id\":1,\"do\":\"status\"}\n";

    @RegisterExtension
    final Site site = new Site();

    @Test
    @DisplayName("twenty commands at once: each gets its one answer, one deploy of five is done, four are refused")
    void twentyCommandsAtOnce() throws Exception {
        Faults.started(site, 2, "--settle", "0.1");
        Path gate = site.directory().resolve("gate");
        try (Faults faults = Faults.watch(site)) {
            List<Running> deploys = new ArrayList<>();
            List<Running> others = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                deploys.add(site.spawn(site.directory(), "deploy", "--env", "VERSION=v001", "--env", "FAULT=gate=" + gate));
                for (String words : List.of("status", "status --json", "ls")) others.add(site.spawn(site.directory(), words.split(" ")));
            }
            for (Running other : others) {
                Ran ran = other.await(Faults.LIMIT);
                assertThat(ran.exit()).as("%s", ran).isZero();
                assertThat(ran.err()).isEmpty();
            }
            Until.holds("four of five are refused", Faults.LIMIT, () -> deploys.stream().filter(Running::isAlive).count() == 1);
            Files.createFile(gate);
            List<Ran> ended = new ArrayList<>();
            for (Running deploy : deploys) ended.add(deploy.await(Faults.LIMIT));
            assertThat(ended).extracting(Ran::exit).containsExactlyInAnyOrder(0, 3, 3, 3, 3);
            assertThat(ended).filteredOn(ran -> ran.exit() == 3).allSatisfy(ran -> assertThat(ran.err().lines()).last().asString()
                    .contains("a deploy of generation 2 is in progress"));
            faults.assertUnnoticed("v000", "v001");
            faults.assertNothingLeft();
        }
        assertThat(site.status().generation()).isEqualTo(2);
    }

    @Test
    @DisplayName("half lines, a line of 100 MB, a client that asks and never reads: the daemon neither grows nor waits, and a deploy is done")
    void badClients() throws Exception {
        Faults.started(site, 1, "--settle", "0.1");
        assertThat(site.deploy().exit()).isZero();
        long daemon = site.status().daemon();
        try (Faults faults = Faults.watch(site)) {
            long before = residentBytes(daemon);
            List<SocketChannel> half = new ArrayList<>();
            for (int i = 0; i < 50; i++) half.add(say(STATUS.substring(0, 1 + i % (STATUS.length() - 1))));
            assertThat(answerTo(100 * MEGABYTE)).contains("a line longer than 65536 bytes");
            SocketChannel deaf = askUntilDropped();
            Ran deploy = site.deploy("--env", "VERSION=v001");
            assertThat(deploy.exit()).as("%s", deploy).isZero();
            assertThat(residentBytes(daemon) - before).isLessThan(32L * MEGABYTE);
            for (SocketChannel channel : half) channel.close();
            deaf.close();
            faults.assertUnnoticed("v000", "v001");
            faults.assertNothingLeft();
        }
    }

    @Test
    @DisplayName("more connections than the daemon takes: the next command says so at once, and works when they are gone")
    void tooManyClients() throws Exception {
        Faults.started(site, 1);
        try (Faults faults = Faults.watch(site)) {
            List<SocketChannel> idle = new ArrayList<>();
            for (int i = 0; i < 300; i++) idle.add(say(""));
            Ran turnedAway = site.nary("status");
            assertThat(turnedAway.exit()).as("%s", turnedAway).isEqualTo(1);
            assertThat(turnedAway.err().lines()).singleElement().asString().contains("256 clients");
            for (SocketChannel channel : idle) channel.close();
            Until.holds("there is room again", Faults.LIMIT, () -> site.nary("status").exit() == 0);
            faults.assertUnnoticed("v000");
            faults.assertNothingLeft();
        }
        assertThat(Files.readString(site.directory().resolve("nary.log")).lines().filter(line -> line.contains("256 clients"))).hasSize(1);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(site.directory().resolve("nary.ipc")));
    }

    private SocketChannel say(String text) throws IOException {
        SocketChannel channel = connect();
        write(channel, text.getBytes(StandardCharsets.UTF_8));
        return channel;
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) channel.write(buffer);
    }

    /** All that the daemon says to a line of this length; it need not take all of it. */
    private String answerTo(int length) throws IOException {
        byte[] piece = "x".repeat(MEGABYTE).getBytes(StandardCharsets.US_ASCII);
        try (SocketChannel channel = connect()) {
            try {
                for (int sent = 0; sent < length; sent += piece.length) write(channel, piece);
            } catch (IOException enough) {
                assertThat(enough.getMessage()).isEqualTo("Broken pipe");
            }
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Asks and asks, and reads nothing. */
    private SocketChannel askUntilDropped() throws IOException {
        SocketChannel channel = connect();
        try {
            for (int i = 0; i < 100_000; i++) write(channel, STATUS.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException dropped) {
            return channel;
        }
        throw new AssertionError("100,000 questions were taken, and no answer was read");
    }

    private static long residentBytes(long pid) throws IOException {
        String statm = Files.readString(Path.of("/proc", Long.toString(pid), "statm"));
        return 4096 * Long.parseLong(statm.split(" ")[1]);
    }
}
