package nary.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import nary.posix.OsException;
import nary.posix.Sockets;
import nary.posix.Sockets.Pair;
import nary.posix.ffm.LinuxPosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeChannelTest {
    private final Sockets sockets = LinuxPosix.create().sockets();
    private Pair pair;
    private NodeChannel channel;

    @BeforeEach
    void open() throws Exception {
        pair = sockets.pair();
        channel = new NodeChannel(sockets, pair.ours());
    }

    @AfterEach
    void close() {
        channel.close();
        if (!isTheirEndClosed) sockets.close(pair.theirs());
    }

    private boolean isTheirEndClosed;

    @Test
    void wordsAreHeardWholeAndInOrderHoweverTheyArrive() throws Exception {
        say("\"onl");
        assertThat(channel.read().sayings()).isEmpty();
        say("ine\"\r\n \"offline\" \n\"online\"\n");
        assertThat(channel.read().sayings()).containsExactly(new Saying.Ready(), new Saying.Stopping());
    }

    @Test
    void whateverElseIsSaidIsIgnored() throws Exception {
        say("online\n{\"type\":\"online\"}\n[\"online\"]\n\"Online\"\n\n\"\n{\n\0\n\"offline\n");
        assertThat(channel.read()).isEqualTo(new NodeChannel.Words(List.of(), false));
    }

    @Test
    void aLineThatIsTooLongIsDroppedAndTheNextIsHeard() throws Exception {
        for (int i = 0; i < 20; i++) {
            say("x".repeat(10_000));
            assertThat(channel.read().sayings()).isEmpty();
        }
        say("\"online\"\n\"online\"\n");
        assertThat(channel.read().sayings()).containsExactly(new Saying.Ready());
    }

    @Test
    void whoShoutsIsHeardForAWhileOnly() throws Exception {
        byte[] much = "\"offline\"\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        int written = sockets.write(pair.theirs(), much, 0, much.length);
        assertThat(written).isGreaterThan(70_000);
        assertThat(channel.read().sayings()).containsExactly(new Saying.Stopping());
        assertThat(channel.read().sayings()).as("the rest").containsExactly(new Saying.Stopping());
        assertThat(channel.read().sayings()).isEmpty();
    }

    @Test
    void theEndIsHeardAfterTheLastWord() throws Exception {
        say("\"offline\"\n\"online\"");
        closeTheirs();
        assertThat(channel.read()).isEqualTo(new NodeChannel.Words(List.of(new Saying.Stopping()), true));
    }

    @Test
    void shutdownIsToldOnceToWhoWasOnlineOrIsToBeToldAnyway() throws Exception {
        assertThat(channel.shutDown(false)).isFalse();
        say("\"online\"\n");
        channel.read();
        assertThat(channel.shutDown(false)).isTrue();
        assertThat(channel.shutDown(true)).isFalse();
        assertThat(heard()).isEqualTo("\"shutdown\"\n");
    }

    @Test
    void whoHasClosedItsEndCannotBeTold() throws Exception {
        say("\"online\"\n");
        channel.read();
        closeTheirs();
        assertThat(channel.shutDown(false)).isFalse();
    }

    private void closeTheirs() {
        sockets.close(pair.theirs());
        isTheirEndClosed = true;
    }

    private String heard() throws OsException {
        List<Byte> bytes = new ArrayList<>();
        byte[] buffer = new byte[100];
        for (int count; (count = sockets.read(pair.theirs(), buffer, 0, buffer.length)) > 0; ) for (int i = 0; i < count; i++) bytes.add(buffer[i]);
        var text = new StringBuilder();
        bytes.forEach(b -> text.append((char) b.byteValue()));
        return text.toString();
    }

    private void say(String text) throws OsException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(sockets.write(pair.theirs(), bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }
}
