package nary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileTest {
    private static Map<String, String> parse(String text) throws ConfigException {
        return EnvFile.parse(".env", text);
    }

    @Test
    void everyFormOfAValueIsRead() throws Exception {
        assertThat(parse("""
                # a comment
                A=1
                  export B = two words  # and a comment

                C=a#b
                D=
                E='as it is: $X \\n # "'
                F="line\\nbreak\\t\\"q\\" \\$X \\\\ \\z" # comment
                G="over
                two lines"
                H=http://u:p@h/?a=b&c=d
                A=last
                I=	tab	# comment
                J=#nothing
                _k.l-m=n"""))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("A", "last"),
                        Map.entry("B", "two words"),
                        Map.entry("C", "a#b"),
                        Map.entry("D", ""),
                        Map.entry("E", "as it is: $X \\n # \""),
                        Map.entry("F", "line\nbreak\t\"q\" $X \\ \\z"),
                        Map.entry("G", "over\ntwo lines"),
                        Map.entry("H", "http://u:p@h/?a=b&c=d"),
                        Map.entry("I", "tab"),
                        Map.entry("J", ""),
                        Map.entry("_k.l-m", "n")));
        assertThat(parse("A=1\r\nB='x'\r\n")).isEqualTo(Map.of("A", "1", "B", "x"));
        assertThat(parse("\uFEFFA=1")).isEqualTo(Map.of("A", "1"));
        assertThat(parse("")).isEmpty();
        assertThat(parse("export export=1\nexport=2")).isEqualTo(Map.of("export", "2"));
    }

    @Test
    void everythingThatIsWrongIsToldWithItsPlace() {
        assertThatThrownBy(() -> parse("A=1\nB\n  1C=2\nD: 3\nE='x' y\n=5\nF=\"never\nclosed"))
                .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.lines()).containsExactly(
                        ".env:2:1: 'B' has no value; write B=value",
                        ".env:3:3: a name is wanted: letters, digits and _ ; write NAME=value",
                        ".env:4:1: a name is wanted: letters, digits and _ ; write NAME=value",
                        ".env:5:7: something follows the closing ' of 'E'",
                        ".env:6:1: a name is wanted: letters, digits and _ ; write NAME=value",
                        ".env:7:3: the \" of 'F' is not closed"));
    }

    @Test
    void theLaterFileCounts(@TempDir Path folder) throws Exception {
        Path first = Files.writeString(folder.resolve("a"), "A=1\nB=1");
        Path second = Files.writeString(folder.resolve("b"), "B=2");
        assertThat(EnvFile.read(List.of(first.toString(), second.toString()))).isEqualTo(Map.of("A", "1", "B", "2"));
        assertThatThrownBy(() -> EnvFile.read(List.of(folder + "/none"))).isInstanceOf(IOException.class).hasMessage("--env-file: there is no file " + folder + "/none");
        Files.write(first, new byte[] {'A', '=', (byte) 0xff});
        assertThatThrownBy(() -> EnvFile.read(List.of(first.toString()))).hasMessage(first + ":1:1: this file is not UTF-8");
    }
}
