package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real users, groups and folders over a real sshd: prepared, found fine, broken, mended by what the check says. */
@Tag("it")
class FleetCheckTest {
    private static final String USER = "narytest" + ProcessHandle.current().pid();
    private static final String GROUP = "narygroup" + ProcessHandle.current().pid();
    private static final Path LIMITS = Path.of("/etc/security/limits.d/nary-" + USER + ".conf");

    @RegisterExtension
    private final Site site = new Site();

    private SshServers servers;
    private Path folder;

    @BeforeEach
    void open() throws Exception {
        Distribution.needsRoot();
        servers = SshServers.start(2);
        folder = site.folder("data").resolve("of the app");
        Distribution.shell("chmod a+x '" + site.directory() + "' '" + folder.getParent() + "'");
        Files.writeString(site.directory().resolve("fleet.json"), """
                { "builds": [ { "name": "web", "directory": "%1$s/srv", "app": { "command": [ "sh", "x" ] }, "nary": "sh",
                  "prepare": { "user": "%2$s", "groups": [ "%3$s" ], "limits": { "nofile": 4321 }, "freeMegabytes": 1, "packages": [ "coreutils" ],
                    "folders": [ { "path": "%4$s", "owner": "%2$s", "group": "%3$s", "mode": "0750" } ] },
                  "environments": [ { "name": "QA", "servers": [ "server1" ] }, { "name": "PAIR", "servers": [ "server1", "server2" ] } ] } ] }
                """.formatted(servers.server(1).home(), USER, GROUP, folder));
    }

    @AfterEach
    void close() throws Exception {
        if (servers == null) return;
        servers.close();
        Files.deleteIfExists(LIMITS);
        Distribution.shell("userdel -r '%s' 2>/dev/null; groupdel '%s' 2>/dev/null; groupdel '%s' 2>/dev/null; true".formatted(USER, GROUP, USER));
    }

    private Ran fleet(String verb, String... more) throws Exception {
        String[] words = new String[more.length + 4];
        System.arraycopy(new String[] {"fleet", verb, "--ssh-config", servers.config().toString()}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        return site.nary(words);
    }

    @Test
    void preparedCheckedBrokenAndMended() throws Exception {
        Ran before = fleet("check", "QA");
        assertThat(before.exit()).as("%s", before).isEqualTo(1);
        assertThat(before.out()).contains("server1, web: there is no user " + USER, "mend it: useradd --system --create-home " + USER, "there is no folder " + folder);

        Ran dry = fleet("prepare", "--dry-run", "QA");
        assertThat(dry.exit()).as("%s", dry).isZero();
        assertThat(dry.out()).contains("would do: user " + USER + ": added", "package coreutils: is there (nothing to do)");
        assertThat(folder).doesNotExist();

        Ran first = fleet("prepare", "QA");
        assertThat(first.exit()).as("%s", first).isZero();
        assertThat(first.out()).contains("user " + USER + ": added", USER + " in group " + GROUP + ": added", "folder " + folder + ": made", "limits of " + USER + ": written to " + LIMITS);
        assertThat(Files.readString(LIMITS)).isEqualTo(USER + " - nofile 4321\n");

        Ran again = fleet("prepare", "QA");
        assertThat(again.exit()).as("%s", again).isZero();
        assertThat(again.out().lines()).isNotEmpty().allMatch(line -> line.endsWith("(nothing to do)"));
        assertThat(again.out()).contains(USER + " in group " + GROUP + ": already a member");
        Ran fine = fleet("check", "QA");
        assertThat(fine.exit()).as("%s", fine).isZero();

        Distribution.shell("gpasswd -d '%s' '%s' >/dev/null; chown root '%s'; chmod 700 '%s'".formatted(USER, GROUP, folder, folder));
        Ran broken = fleet("check", "QA");
        assertThat(broken.out()).contains(USER + " is not in group " + GROUP, folder + " belongs to root, not to " + USER, folder + " has the rights 700, not 750");
        for (String line : broken.out().lines().filter(it -> it.startsWith("  mend it: ")).toList()) Distribution.shell(line.substring("  mend it: ".length()));
        Ran mended = fleet("prepare", "QA");
        assertThat(mended.exit()).as("%s", mended).isZero();
        assertThat(fleet("check", "QA").exit()).isZero();
    }

    @Test
    void aServerIsHeldAgainstOneThatWorks() throws Exception {
        fleet("prepare", "QA");
        Ran same = fleet("check", "--compare", "server1", "PAIR");
        assertThat(same.out()).as("one machine, two homes").contains("variable HOME: server2 " + servers.server(2).home()).doesNotContain("folder", "group ");
        Ran unknown = fleet("check", "--compare", "server9", "PAIR");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no server 'server9' here");
        servers.kill(2);
        Ran gone = fleet("check", "PAIR");
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.out()).contains("server2, web: server2: ", "mend it: ssh server2 true");
    }
}
