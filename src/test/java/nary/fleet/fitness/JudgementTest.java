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
        return new Wanted(needs.user(), folder.toString(), ports, List.of(programs), needs);
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
            assertThat(faults).anySatisfy(it -> assertThat(it.text()).startsWith("port " + taken.getLocalPort() + " is taken by process " + ProcessHandle.current().pid() + ": "));
            assertThat(faults).anySatisfy(it -> assertThat(it.text()).isEqualTo(me + " finds no no-such-program"));
            assertThat(faults).hasSize(6);
        }
    }

    @Test
    void aUserThatIsNotThereIsSaidAndNoMore() throws Exception {
        var needs = new Needs(Optional.of("SOME\\nobody-here"), List.of(), List.of(), Map.of(), List.of(), 0);
        assertThat(faults(wanted(needs, List.of(), "sh"))).containsExactly(new Fault("there is no user SOME\\nobody-here", "join the domain"));
    }

    @Test
    void answersOfAServerAreJudgedWhateverItPrintsBesides() {
        Facts facts = Facts.parse("welcome!\nuser\tshop\tunreachable\ntemp\t/tmp\tclosed write\ntemp\t/var/tmp\tlist sealed\nkernel\ttakeover\tno\nport\t80\tnary 12\n");
        var needs = new Needs(Optional.of("shop"), List.of(), List.of(), Map.of(), List.of(), 0);
        assertThat(Judgement.of(new Wanted(needs.user(), "/srv/x", List.of(80), List.of(), needs), facts)).extracting(Fault::text)
                .containsExactly("nothing can be asked as shop", "shop cannot list /tmp", "shop cannot write to /var/tmp", "its kernel has no seccomp user notification: no takeover");
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
