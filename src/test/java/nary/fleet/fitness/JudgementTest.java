package nary.fleet.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.fleet.spec.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts on this machine, and what is made of their answers. */
class JudgementTest {
    private final String me = System.getProperty("user.name");

    @TempDir
    Path folder;

    private static String sh(String script, List<String> arguments) throws Exception {
        Path file = Files.createTempFile("nary-check-", ".sh");
        try {
            Files.writeString(file, Inspection.script(script));
            List<String> words = new ArrayList<>(List.of("sh", file.toString()));
            words.addAll(arguments);
            Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectInput(new File("/dev/null")).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            Files.delete(file);
        }
    }

    private Wanted wanted(Needs needs, List<Integer> ports, String... programs) {
        return new Wanted("QA", needs.user(), folder.toString(), List.of("/tmp", "/var/tmp"), ports, List.of(programs), List.of("sh"), true, needs);
    }

    private Needs needs(List<String> groups, List<Needs.Folder> folders, int free) {
        return new Needs(Optional.of(me), groups, folders, Map.of(), List.of(), free);
    }

    private List<Fault> faults(Wanted wanted) throws Exception {
        return Judgement.of(wanted, Facts.parse(sh("check.sh", wanted.questions())));
    }

    @Test
    void aMachineThatHasAllIsFine() throws Exception {
        var fine = new Needs.Folder(folder.toString(), Optional.of(me), Optional.empty(), Optional.of("700"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assertThat(faults(wanted(needs(List.of(), List.of(fine), 1), List.of(), "sh"))).isEmpty();
    }

    @Test
    void eachFaultHasItsCommand() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            var missing = new Needs.Folder(folder + "/a b", Optional.of(me), Optional.empty(), Optional.of("750"));
            var open = new Needs.Folder(folder.toString(), Optional.empty(), Optional.empty(), Optional.of("711"));
            List<Fault> faults = faults(wanted(needs(List.of("no-such-group"), List.of(missing, open), 99_999_999), List.of(taken.getLocalPort()), "no-such-program"));
            assertThat(faults).anySatisfy(it -> assertThat(it).isEqualTo(new Fault("there is no group no-such-group", "groupadd --system no-such-group && gpasswd -a " + me + " no-such-group")));
            assertThat(faults).anySatisfy(it -> assertThat(it).isEqualTo(new Fault("there is no folder " + folder + "/a b", "install -d -o " + me + " -m 750 '" + folder + "/a b'")));
            assertThat(faults).anySatisfy(it -> assertThat(it.fix()).isEqualTo("chmod 711 " + folder));
            assertThat(faults).anySatisfy(it -> assertThat(it.text()).matches("only \\d+ MB are free for .*"));
            assertThat(faults).anySatisfy(it -> assertThat(it.fix()).isEqualTo("nary fleet prune QA removes old releases"));
            assertThat(faults).anySatisfy(it -> assertThat(it.fix()).isEqualTo("kill " + ProcessHandle.current().pid()));
            assertThat(faults).anySatisfy(it -> assertThat(it.text()).startsWith("port " + taken.getLocalPort() + " is taken by process " + ProcessHandle.current().pid() + ": "));
            assertThat(faults).anySatisfy(it -> assertThat(it.text()).isEqualTo(me + " finds no no-such-program"));
            assertThat(faults).hasSize(6);
        }
    }

    @Test
    void aUserThatIsNotThereIsSaidAndNoMore() throws Exception {
        var needs = new Needs(Optional.of("SOME\\nobody-here"), List.of(), List.of(), Map.of(), List.of(), 0);
        assertThat(faults(wanted(needs, List.of(), "sh")))
                .containsExactly(new Fault("there is no user SOME\\nobody-here, and a domain's can only come from there", "join the domain until this finds it: getent passwd 'SOME\\nobody-here'"));
    }

    private static List<Fault> judged(Needs needs, String... answers) {
        String said = String.join("\n", answers).replace(" | ", "\t");
        return Judgement.of(new Wanted("QA", needs.user(), "/srv/x", List.of("/tmp"), List.of(80), List.of("node"), List.of("nary"), true, needs), Facts.parse("welcome!\n" + said));
    }

    private static final Needs SHOP = new Needs(Optional.of("shop"), List.of("www"), List.of(new Needs.Folder("/srv/data", Optional.of("root"), Optional.of("www"), Optional.of("770"))),
            Map.of("nofile", "65536"), List.of("nodejs"), 0);

    @Test
    void answersOfAServerAreJudgedWhateverItPrintsBesides() {
        assertThat(judged(SHOP, "user | shop | unreachable by deploy", "temp | /tmp | closed write", "temp | /var/tmp | list sealed", "port | 80 | nary 12", "tool | nary | missing"))
                .containsExactly(
                        new Fault("nothing can be asked as shop: deploy logs in, and may not be shop by sudo", "echo 'deploy ALL=(shop) NOPASSWD: ALL' >/etc/sudoers.d/nary-deploy"),
                        new Fault("shop cannot list /tmp", "install -d -m 1777 /tmp"),
                        new Fault("shop cannot write to /var/tmp", "install -d -m 1777 /var/tmp"),
                        new Fault("who logs in finds no nary", "nary fleet bootstrap QA"));
    }

    @Test
    void membershipIsUnderTheServersOwnName() {
        assertThat(judged(SHOP, "user | shop | exists as shop@example.org", "group | www | no member")).containsExactly(new Fault("shop is not in group www", "gpasswd -a shop@example.org www"));
        assertThat(judged(SHOP, "group | www | no member of the domain's")).containsExactly(new Fault("shop is not in group www", "add shop to it in the domain: the group is not of this server"));
        var ofDomain = new Needs(Optional.of("shop"), List.of("DOM\\web team"), List.of(), Map.of(), List.of(), 0);
        assertThat(judged(ofDomain, "group | DOM\\web team | missing"))
                .containsExactly(new Fault("there is no group DOM\\web team", "join the domain until this finds it: getent group 'DOM\\web team'"));
    }

    @Test
    void aFolderIsNotGivenAwayAgainstTheFile() {
        assertThat(judged(SHOP, "user | shop | exists as shop", "group | www | no member", "folder | /srv/data | root:www:770 ---")).as("rights come with the group").hasSize(1);
        assertThat(judged(SHOP, "group | www | member", "folder | /srv/data | root:www:700 ---")).containsExactly(new Fault("/srv/data has the rights 700, not 770", "chmod 770 /srv/data"));
        assertThat(judged(SHOP, "group | www | member", "folder | /srv/data | root:www:770 ---", "behind | /srv/data | /srv"))
                .containsExactly(new Fault("shop cannot read, write to, enter /srv/data: it cannot enter /srv", "chmod a+x /srv"));
        assertThat(judged(SHOP, "group | www | member", "folder | /srv/data | root:www:770 r-x"))
                .containsExactly(new Fault("shop cannot write to /srv/data", "correct its owner, group or mode in the fleet file: by these it is closed to shop"));
        assertThat(judged(SHOP, "folder | /srv/x | root:root:700 ---")).containsExactly(new Fault("shop cannot read, enter /srv/x", "chown shop /srv/x && chmod u+rx /srv/x"));
        var nobodys = new Needs(Optional.empty(), List.of(), List.of(), Map.of(), List.of(), 0);
        assertThat(judged(nobodys, "login | name | deploy", "folder | /srv/x | root:root:700 ---")).extracting(Fault::fix).containsExactly("chown deploy /srv/x && chmod u+rx /srv/x");
    }

    @Test
    void aWrongLimitHasItsExactCommand() {
        String file = "limits | file | /etc/security/limits.d/nary-shop.conf";
        assertThat(judged(SHOP, file, "limits | as | shop", "limit | nofile | missing"))
                .containsExactly(new Fault("the limit nofile of shop is not set, wanted is 65536", "echo 'shop - nofile 65536' >>/etc/security/limits.d/nary-shop.conf"));
        assertThat(judged(SHOP, file, "limits | as | shop", "limit | nofile | soft 1024, hard 4096 in /etc/security/limits.conf"))
                .containsExactly(new Fault("the limit nofile of shop is soft 1024, hard 4096 (/etc/security/limits.conf), wanted is 65536",
                        "sed -i '/^[[:space:]]*shop[[:space:]].*[[:space:]]nofile[[:space:]]/d' /etc/security/limits.conf && echo 'shop - nofile 65536' >>/etc/security/limits.d/nary-shop.conf"));
        assertThat(judged(SHOP, file, "limit | nofile | 65536 in /etc/security/limits.d/x.conf")).isEmpty();
        assertThat(judged(SHOP, file, "limits | as | DOM\\shop.x", "limit | nofile | 1 in /etc/security/limits.conf")).extracting(Fault::fix).singleElement().asString()
                .contains("'/^[[:space:]]*DOM\\\\shop\\.x[[:space:]]", "echo 'DOM\\shop.x - nofile 65536'");
    }

    @Test
    void aMissingProgramHasItsExactCommandByTheServersPackageManager() {
        assertThat(judged(SHOP, "manager | packages | apt-get", "program | node | missing nodejs", "package | nodejs | missing")).extracting(Fault::fix)
                .containsOnly("apt-get update && apt-get install -y nodejs");
        assertThat(judged(SHOP, "manager | packages | dnf", "program | node | missing /usr/bin/node", "package | nodejs | missing")).extracting(Fault::fix)
                .containsExactly("dnf install -y /usr/bin/node", "dnf install -y nodejs");
        assertThat(judged(SHOP, "manager | packages | none", "program | node | missing", "package | nodejs | missing")).extracting(Fault::fix)
                .containsExactly("put it to /usr/local/bin/node, or name it with its path in the fleet file", "install the package nodejs by hand: this server has neither apt-get nor dnf");
        assertThat(judged(SHOP, "manager | packages | apt-get", "program | node | elsewhere /opt/node 24/bin/node"))
                .containsExactly(new Fault("shop finds no node: it is /opt/node 24/bin/node, which is not on the PATH", "ln -s '/opt/node 24/bin/node' /usr/local/bin/node"));
    }

    @Test
    void aKernelWithoutTakeoverIsNamedWithItsReason() {
        String cannot = "nary cannot take over its kernel's listening sockets: ";
        assertThat(judged(SHOP, "kernel | takeover | yes")).isEmpty();
        assertThat(judged(SHOP, "kernel | takeover | no: it is older than 5.6"))
                .containsExactly(new Fault(cannot + "it is older than 5.6", "give the app \"listen\" and \"takeover\": \"off\", or run a kernel from 5.6"));
        assertThat(judged(SHOP, "kernel | takeover | no: kernel.yama.ptrace_scope is 2"))
                .containsExactly(new Fault(cannot + "kernel.yama.ptrace_scope is 2", "echo 'kernel.yama.ptrace_scope = 1' >/etc/sysctl.d/60-nary.conf && sysctl -p /etc/sysctl.d/60-nary.conf"));
        assertThat(judged(SHOP, "kernel | takeover | no: kernel.yama.ptrace_scope is 3")).extracting(Fault::fix).singleElement().asString().endsWith("&& reboot");
    }

    @Test
    void differencesAreNamedWithoutSecrets() {
        Facts here = Facts.parse("folder\t/a\troot:root:755 r-x\nvariable\tDB_PASSWORD\thunter1\nvariable\tPWD\t/x\npackage\tnodejs\t18\n");
        Facts there = Facts.parse("folder\t/a\tshop:shop:755 rwx\nvariable\tDB_PASSWORD\thunter2\nvariable\tPWD\t/y\npackage\tnodejs\t18\npackage\tcurl\t8\n");
        assertThat(Difference.between("web2", here, "web1", there))
                .containsExactly("folder /a: web2 root:root:755 r-x, web1 shop:shop:755 rwx", "variable DB_PASSWORD: web2 ********, web1 ********", "package curl: web2 missing, web1 8");
    }

    @Test
    void preparationIsDoneOnceAndThenNothing() throws Exception {
        Path made = folder.resolve("made here");
        var wanted = wanted(needs(List.of(), List.of(new Needs.Folder(made.toString(), Optional.of(me), Optional.empty(), Optional.of("750"))), 0), List.of());
        assertThat(prepare("yes", wanted)).contains("would\tfolder " + made + ": made").contains("nothing\tuser " + me + ": exists");
        assertThat(made).doesNotExist();
        assertThat(prepare("no", wanted)).contains("did\tfolder " + made + ": made", "did\tfolder " + made + ": rights 750");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made))).isEqualTo("rwxr-x---");
        assertThat(prepare("no", wanted)).contains("nothing\tfolder " + made + ": as wanted").noneMatch(line -> line.startsWith("did\t"));
    }

    private static List<String> prepare(String dry, Wanted wanted) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(dry));
        arguments.addAll(wanted.steps());
        return sh("prepare.sh", arguments).lines().toList();
    }
}
