package nary.fleet.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts on servers that this machine is not: of a domain, with dnf, without any package manager. What differs there is played by programs of the test. */
class ForeignServerTest {
    private static final List<String> REAL = List.of("sh", "cut", "grep", "awk", "sed", "stat", "df", "dirname", "tr", "cat", "uname", "ls", "head", "sort", "mktemp", "rm", "env", "mkdir", "chmod", "mv", "test", "true");

    @TempDir
    Path folder;

    private Path bin;
    private Path calls;

    @BeforeEach
    void makePath() throws IOException {
        bin = Files.createDirectory(folder.resolve("bin"));
        calls = folder.resolve("calls");
        for (String each : REAL) program(each, "exec /usr/bin/" + each + " \"$@\"");
        program("sudo", "shift; exec \"$@\"");
        program("id", "exec /usr/bin/id \"$@\"");
        for (String each : List.of("useradd", "groupadd", "gpasswd", "chown", "chgrp")) recorded(each);
    }

    private void program(String name, String script) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** It only notes how it was called. */
    private void recorded(String name) throws IOException {
        program(name, "echo " + name + " \"$@\" >>'" + calls + "'");
    }

    private List<String> calls() throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private List<String> sh(String script, String... arguments) throws Exception {
        Path file = Files.writeString(folder.resolve(script), Inspection.script(script));
        List<String> words = new ArrayList<>(List.of("/bin/sh", file.toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }

    /** As winbind and sssd do it: a domain's user is found under what was typed, and has a name of its own. */
    private void joinDomain(String groups) throws IOException {
        program("getent", """
                case $* in
                  'passwd DOM\\shop' | 'passwd shop@dom.example') echo 'shop@dom.example:*:70001:70002::/home/shop:/bin/sh' ;;
                  'group www') echo 'www:x:70033:' ;;
                  '-s files group www') echo 'www:x:70033:' ;;
                  'group DOM\\web team') echo 'web team@dom.example:*:70044:' ;;
                  *) exit 2 ;;
                esac""");
        program("id", """
                case $* in
                  "-u DOM\\shop" | "-u shop@dom.example") echo 70001 ;;
                  "-G DOM\\shop" | "-G shop@dom.example") echo '70002 %s' ;;
                  "-n -u" | -un) echo tester ;;
                  *) exec /usr/bin/id "$@" ;;
                esac""".formatted(groups));
    }

    @Test
    void aDomainsUserIsUsedAndNeverMade() throws Exception {
        joinDomain("70002");
        assertThat(sh("prepare.sh", "no", "user=DOM\\shop", "member=DOM\\shop\twww")).containsExactly("nothing\tuser DOM\\shop: exists", "nothing\tgroup www: exists", "did\tDOM\\shop in group www: added");
        assertThat(calls()).containsExactly("gpasswd -a shop@dom.example www");
        joinDomain("70033");
        assertThat(sh("prepare.sh", "no", "user=DOM\\shop", "member=DOM\\shop\twww")).endsWith("nothing\tDOM\\shop in group www: already a member");
        assertThat(calls()).hasSize(1);
    }

    @Test
    void aDomainsFolderIsComparedByNumber() throws Exception {
        joinDomain("70033");
        String path = folder.resolve("x").toString();
        assertThat(sh("prepare.sh", "no", "folder=-\tDOM\\shop\twww\t" + path)).containsExactly("did\tfolder " + path + ": made", "did\tfolder " + path + ": owner DOM\\shop", "did\tfolder " + path + ": group www");
        assertThat(calls()).containsExactly("chown 70001 " + path, "chgrp 70033 " + path);
        program("stat", "case $2 in %u) echo 70001 ;; %g) echo 70033 ;; %a) echo 750 ;; *) echo other ;; esac");
        assertThat(sh("prepare.sh", "no", "folder=750\tDOM\\shop\twww\t" + path)).containsExactly("nothing\tfolder " + path + ": as wanted");
        assertThat(sh("check.sh", "folder=" + path + "\tDOM\\shop\twww")).anyMatch(it -> it.startsWith("folder\t" + path + "\tDOM\\shop:www:750 "));
    }

    @Test
    void aDomainsUserThatTheServerDoesNotKnowIsAskedForAndNothingIsDone() throws Exception {
        joinDomain("70002");
        assertThat(sh("prepare.sh", "no", "user=DOM\\eve", "member=DOM\\eve\twww"))
                .containsExactly(
                        "failed\tuser DOM\\eve: the domain must supply it, and this server does not know it: join the domain until this finds it: getent passwd 'DOM\\eve'",
                        "nothing\tgroup www: exists",
                        "failed\tDOM\\eve in group www: there is no such user");
        assertThat(sh("prepare.sh", "yes", "user=eve@dom.example")).singleElement().asString().startsWith("failed\tuser eve@dom.example: the domain must supply it");
        assertThat(calls()).isEmpty();
    }

    @Test
    void theDomainsGroupsAreItsOwn() throws Exception {
        joinDomain("70002");
        assertThat(sh("prepare.sh", "no", "member=DOM\\shop\tDOM\\web team"))
                .containsExactly("nothing\tgroup DOM\\web team: exists", "failed\tDOM\\shop in group DOM\\web team: the group is the domain's, add the user there");
        assertThat(sh("prepare.sh", "no", "member=DOM\\shop\tDOM\\none")).first().asString().startsWith("failed\tgroup DOM\\none: the domain must supply it");
        assertThat(calls()).isEmpty();
        assertThat(sh("check.sh", "group=www", "group=DOM\\web team", "group=DOM\\none")).contains("group\twww\tno member", "group\tDOM\\web team\tno member of the domain's", "group\tDOM\\none\tmissing");
    }

    @Test
    void dnfInstallsWhereItIs() throws Exception {
        recorded("dnf");
        program("rpm", "if [ \"$4\" = there ]; then printf 1.2-3; else echo \"package $4 is not installed\"; exit 1; fi");
        assertThat(sh("prepare.sh", "no", "package=nodejs", "package=there")).containsExactly("did\tpackage nodejs: installed", "nothing\tpackage there: is there");
        assertThat(calls()).containsExactly("dnf install -y -q nodejs");
        assertThat(sh("check.sh", "manager=", "package=nodejs", "package=there", "program=no-such-program"))
                .contains("manager\tpackages\tdnf", "package\tnodejs\tmissing", "package\tthere\t1.2-3", "program\tno-such-program\tmissing /usr/bin/no-such-program");
    }

    @Test
    void aptGetInstallsWhereItIsAndReadsItsListsWhereItHasNone() throws Exception {
        recorded("apt-get");
        program("apt-cache", "if [ \"$2\" = listed ]; then echo '  Candidate: 1.2'; else echo '  Candidate: (none)'; fi");
        program("dpkg-query", "case $4 in there) echo 'ii 1.2' ;; held) echo 'hi 1.2' ;; gone) echo 'rc 1.2' ;; *) exit 1 ;; esac");
        assertThat(sh("prepare.sh", "no", "package=listed", "package=there", "package=held", "package=gone"))
                .containsExactly("did\tpackage listed: installed", "nothing\tpackage there: is there", "nothing\tpackage held: is there", "did\tpackage gone: installed");
        assertThat(calls()).containsExactly("apt-get install -y -qq --no-install-recommends listed", "apt-get update -qq", "apt-get install -y -qq --no-install-recommends gone");
        assertThat(sh("check.sh", "manager=", "program=erl", "program=listed", "program=no-such-program"))
                .contains("manager\tpackages\tapt-get", "program\terl\tmissing erlang-base", "program\tlisted\tmissing listed", "program\tno-such-program\tmissing ");
    }

    @Test
    void withoutEitherItSaysSo() throws Exception {
        assertThat(sh("prepare.sh", "no", "package=nodejs")).containsExactly("failed\tpackage nodejs: this server has neither apt-get nor dnf; install it by hand");
        assertThat(sh("check.sh", "manager=", "program=no-such-program")).contains("manager\tpackages\tnone", "program\tno-such-program\tmissing ");
    }

    @Test
    void aProgramThatLiesElsewhereIsFound() throws Exception {
        Path there = Files.createDirectory(folder.resolve("bin2")).resolve("tool-x");
        Files.writeString(there, "");
        assertThat(sh("check.sh", "program=tool-x")).contains("program\ttool-x\tmissing ");
        Files.createDirectories(folder.resolve(".nary/bin"));
        Path nary = Files.writeString(folder.resolve(".nary/bin/nary"), "");
        assertThat(sh("check.sh", "tool=nary")).contains("tool\tnary\tmissing");
        Files.setPosixFilePermissions(nary, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(sh("check.sh", "tool=nary")).as("where nary fleet bootstrap puts it").contains("tool\tnary\t" + nary);
    }
}
