package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private static final Path OTHER_LIMITS = Path.of("/etc/security/limits.d/zz-" + USER + ".conf");
    private static final String DOMAIN_USER = "NARYDOM\\" + USER;
    private static final Path DOMAIN_LIMITS = Path.of("/etc/security/limits.d/nary-NARYDOM_" + USER + ".conf");

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
                  "environments": [ { "name": "QA", "servers": [ "server1" ] }, { "name": "PAIR", "servers": [ "server1", "server2" ] } ] },
                  { "name": "jobs", "directory": "%1$s/jobs", "app": { "command": [ "erl" ], "takeover": "off", "listen": [ "127.0.0.1:1" ] }, "nary": "sh",
                  "prepare": { "user": "%5$s", "groups": [ "%3$s" ], "limits": { "nproc": 99 }, "freeMegabytes": 1 },
                  "environments": [ { "name": "DOMAIN", "servers": [ "server1" ] } ] } ] }
                """.formatted(servers.server(1).home(), USER, GROUP, folder, DOMAIN_USER.replace("\\", "\\\\")));
    }

    @AfterEach
    void close() throws Exception {
        if (servers == null) return;
        servers.close();
        for (Path file : List.of(LIMITS, OTHER_LIMITS, DOMAIN_LIMITS)) Files.deleteIfExists(file);
        Distribution.shell("userdel '" + DOMAIN_USER + "' 2>/dev/null; true");
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
        assertThat(first.out()).contains("user " + USER + ": added", USER + " in group " + GROUP + ": added", "folder " + folder + ": made", "limit nofile of " + USER + ": 4321, in " + LIMITS);
        assertThat(Files.readString(LIMITS)).isEqualTo(USER + " - nofile 4321\n");

        Ran again = fleet("prepare", "QA");
        assertThat(again.exit()).as("%s", again).isZero();
        assertThat(again.out().lines()).isNotEmpty().allMatch(line -> line.endsWith("(nothing to do)"));
        assertThat(again.out()).contains(USER + " in group " + GROUP + ": already a member");
        Ran fine = fleet("check", "QA");
        assertThat(fine.exit()).as("%s", fine).isZero();

        Distribution.shell("gpasswd -d '%s' '%s' >/dev/null; chown root '%s'; chmod 700 '%s'".formatted(USER, GROUP, folder, folder));
        Files.writeString(OTHER_LIMITS, USER + " hard nofile 99\n");
        Ran broken = fleet("check", "QA");
        assertThat(broken.out()).contains(USER + " is not in group " + GROUP, folder + " belongs to root, not to " + USER, folder + " has the rights 700, not 750",
                "the limit nofile of " + USER + " is soft 4321, hard 99 (" + OTHER_LIMITS + "), wanted is 4321");
        Ran refused = fleet("prepare", "--dry-run", "QA");
        assertThat(refused.out()).contains("would do: limit nofile of " + USER);
        for (String line : broken.out().lines().filter(it -> it.startsWith("  mend it: ")).toList()) Distribution.shell(line.substring("  mend it: ".length()));
        Ran mended = fleet("check", "QA");
        assertThat(mended.exit()).as("by the commands that were shown: %s", mended).isZero();
    }

    /** A name as winbind has it, in a source of names that is real: what follows asks getent, as for any other. */
    @Test
    void aDomainsUserIsPreparedWhenTheDomainSuppliesIt() throws Exception {
        Ran unknown = fleet("prepare", "DOMAIN");
        assertThat(unknown.exit()).as("%s", unknown).isEqualTo(1);
        assertThat(unknown.out()).contains("FAILED: user " + DOMAIN_USER + ": the domain must supply it", "join the domain until this finds it: getent passwd '" + DOMAIN_USER + "'");
        assertThat(fleet("check", "DOMAIN").out()).contains("there is no user " + DOMAIN_USER + ", and a domain's can only come from there");

        Distribution.shell("useradd --badname --no-user-group --no-create-home --shell /usr/sbin/nologin '" + DOMAIN_USER + "'");
        Ran first = fleet("prepare", "DOMAIN");
        assertThat(first.exit()).as("%s", first).isZero();
        assertThat(first.out()).contains("user " + DOMAIN_USER + ": exists (nothing to do)", DOMAIN_USER + " in group " + GROUP + ": added");
        assertThat(Files.readString(DOMAIN_LIMITS)).isEqualTo(DOMAIN_USER + " - nproc 99\n");
        Ran again = fleet("prepare", "DOMAIN");
        assertThat(again.out().lines()).isNotEmpty().allMatch(line -> line.endsWith("(nothing to do)"));
        Ran check = fleet("check", "DOMAIN");
        assertThat(check.out().lines()).as("%s", check).hasSize(2).first().asString().contains(DOMAIN_USER + " finds no erl");
        assertThat(check.out()).contains("mend it: apt-get update && apt-get install -y erlang-base");
    }

    @Test
    void aServerIsHeldAgainstOneThatWorks() throws Exception {
        fleet("prepare", "QA");
        Ran same = fleet("check", "--compare", "server1", "PAIR");
        assertThat(same.out()).as("one machine, two homes").contains("variable HOME: server2 " + servers.server(2).home()).doesNotContain("folder", "group ");
        Ran unknown = fleet("check", "--compare", "server9", "PAIR");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no server 'server9' here");
        Ran alone = fleet("check", "--compare", "server1", "QA");
        assertThat(alone.exit()).isEqualTo(2);
        assertThat(alone.err()).contains("no build in QA has another server beside server1");
        servers.kill(2);
        Ran gone = fleet("check", "PAIR");
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.out()).contains("server2, web: connection refused", "mend it: on its console: systemctl start ssh").doesNotContain("server2, web: health");
    }
}
