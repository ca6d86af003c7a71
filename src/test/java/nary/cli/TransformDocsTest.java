package nary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example of docs/transforms.md: the files before a command are its input, those after it and its lines are what it must make. */
class TransformDocsTest {
    private static final Pattern BLOCK = Pattern.compile("(?m)^(?:## (?<section>.*)|(?:`(?<file>[^`]+)`:\\n\\n)?```\\w*\\n(?<text>(?s:.*?))```)$");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int commands;

    @Test
    void eachExampleIsTrue() throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(Path.of("docs/transforms.md")));
        String section = "";
        boolean hasRun = false;
        while (block.find()) {
            if (block.group("section") != null) {
                section = block.group("section");
                hasRun = false;
            } else if (block.group("file") == null) {
                commands(block.group("text"), section);
                hasRun = true;
            } else if (hasRun) {
                assertThat(Files.readString(folder.resolve(block.group("file")))).as(section).isEqualTo(block.group("text"));
            } else Files.writeString(folder.resolve(block.group("file")), block.group("text"));
        }
        assertThat(commands).isGreaterThan(6);
    }

    private void commands(String text, String section) throws Exception {
        var expected = new StringBuilder();
        var seen = new StringBuilder();
        for (String line : text.lines().toList()) {
            expected.append(line).append('\n');
            if (!line.startsWith("$ ")) continue;
            seen.append(line).append('\n').append(run(line.substring(2)));
        }
        assertThat(seen).as(section).hasToString(expected.toString());
    }

    /** {@code NAME=VALUE nary transform …}; its quotes are single ones. */
    private String run(String line) throws Exception {
        Map<String, String> environment = new HashMap<>();
        String rest = line;
        for (; rest.matches("[A-Z_]+=.*"); rest = rest.substring(rest.indexOf(' ') + 1)) environment.put(rest.substring(0, rest.indexOf('=')), rest.substring(rest.indexOf('=') + 1, rest.indexOf(' ')));
        List<String> words = Arrays.asList(rest.replace("'", "").split(" "));
        assertThat(words.subList(0, 2)).containsExactly("nary", "transform");
        out.reset();
        commands++;
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var parts = new Parts(FakeMain.class, () -> {
            throw new AssertionError("the operating system is not needed");
        }, () -> {
            throw new AssertionError("no engine is needed");
        }, () -> 1);
        var verb = new TransformVerb();
        verb.run(Arguments.parse(verb.options(), words.subList(2, words.size()).toArray(String[]::new)), new Context(new Console(stream, stream, false), new Caller(folder, environment, 1), parts));
        return out.toString(StandardCharsets.UTF_8);
    }
}
