package nary.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import nary.posix.Users.Account;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts, ownership and datagrams: the rest of what nary relies on. */
abstract class UsersContract extends PosixFixture {
    /** Receives what is sent to this address from now on; ends with the test. */
    abstract Received mailbox(String address) throws Exception;

    /** The next datagram. */
    interface Received {
        String next() throws Exception;
    }

    @Test
    void anAccountIsFoundByItsNameAndByItsNumber() throws Exception {
        Users users = posix().users();
        Account root = users.account("root").orElseThrow();
        assertThat(root.uid()).isZero();
        assertThat(root.gid()).isZero();
        assertThat(root.home()).startsWith("/");
        assertThat(root.shell()).startsWith("/");
        assertThat(users.account(0)).contains(root);
        Account nobody = users.account("nobody").orElseThrow();
        assertThat(nobody.uid()).isEqualTo(65534);
        assertThat(users.groupsOf("nobody", nobody.gid())).contains(nobody.gid());
        assertThat(users.group("root")).contains(0);
    }

    @Test
    void whoIsNotThereIsNoError() throws Exception {
        Users users = posix().users();
        assertThat(users.account("no-such-user")).isEmpty();
        assertThat(users.account(1_999_999_999)).isEmpty();
        assertThat(users.group("no-such-group")).isEmpty();
    }

    @Test
    void aDatagramArrivesWholeUnderAnAbstractName() throws Exception {
        String address = "@nary-test-" + UUID.randomUUID();
        Received mailbox = mailbox(address);
        sockets().send(address, "READY=1\nSTATUS=grüß dich".getBytes(StandardCharsets.UTF_8));
        sockets().send(address, "WATCHDOG=1".getBytes(StandardCharsets.UTF_8));
        assertThat(mailbox.next()).isEqualTo("READY=1\nSTATUS=grüß dich");
        assertThat(mailbox.next()).isEqualTo("WATCHDOG=1");
    }

    /** One datagram a read, the oldest first; it waits for none. Its name is taken while it lasts. */
    @Test
    void aMailboxGivesOneDatagramARead(@TempDir Path folder) throws Exception {
        String path = folder.resolve("mailbox").toString();
        Fd fd = sockets().mailbox(path);
        try {
            byte[] room = new byte[8];
            assertThat(sockets().read(fd, room, 0, room.length)).isEqualTo(-1);
            sockets().send(path, "READY=1".getBytes(StandardCharsets.UTF_8));
            sockets().send(path, "longer than the room".getBytes(StandardCharsets.UTF_8));
            assertThat(text(room, sockets().read(fd, room, 0, room.length))).isEqualTo("READY=1");
            assertThat(text(room, sockets().read(fd, room, 0, room.length))).isEqualTo("longer t");
            assertThat(sockets().read(fd, room, 0, room.length)).isEqualTo(-1);
            fails("bind", Errno.EADDRINUSE, () -> sockets().mailbox(path));
        } finally {
            sockets().close(fd);
        }
    }

    private static String text(byte[] bytes, int count) {
        return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    @Test
    void aDatagramToNobodyIsAnError() {
        byte[] some = {1};
        fails("sendto", Errno.ECONNREFUSED, () -> sockets().send("@nary-test-nobody", some));
        fails("sendto", Errno.ENOENT, () -> sockets().send("/no/such/socket", some));
        assertThatThrownBy(() -> sockets().send("/no/such/socket", some)).hasMessageContaining("/no/such/socket");
    }

    @Test
    void whatIsOursMayBeGivenToOurselves() throws Exception {
        Fd pipe = sockets().pipe().ours();
        sockets().own(closing(pipe), processes().uid(), posix().users().gid());
        fails("fchown", Errno.EBADF, () -> sockets().own(new Fd(9999), processes().uid(), 0));
    }
}
