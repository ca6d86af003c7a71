package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files cut off anywhere, and with characters lost, doubled or out of place: a finding with a place, or a result, never anything else. */
class MalformedTest {
    private static final long SEED = 20;
    private static final int CHANGES = 200;
    private static final String STRAY = "<>/&\"'=[]{},:#!-| \t\n\\*?%@`~0aé\uD83D";

    @TempDir
    Path folder;

    private static String sample(String format) {
        return switch (format) {
            case "xml" -> "<?xml version='1.0'?>\n<!-- c -->\n<r xmlns:x='http://schemas.microsoft.com/XML-Document-Transform' k='#{A}'>\n  <a k='1' x:Locator=\"Condition(@k = '1')\" x:Transform='SetAttributes(k)'>t<![CDATA[<]]></a>\n</r>\n";
            case "json" -> "{\n  \"a\": [1, {\"b\": null}, -2.5e3], // c\n  \"s\": \"#{A} \\u00e9\", /* d */\n  \"o\": {},\n}\n";
            case "yml" -> "%YAML 1.2\n---\na: &x [1, {b: null}, 'it''s'] # c\nb:\n- - 1\n  - *x\n-   c: |\n      text\n    d: >-\n      more\n\"e\": #{A}\n";
            case "properties" -> "# c\na=1\\\n  2\nb : \\u00e9\n!x\nc\n d=#{A}\n";
            case "env" -> "# c\nexport A=1 # d\nB=\"x\\\"y\nz\"\nC='#{A}'\n";
            default -> "; c\n[s]\nk = 1 ; d\n  more\n[t]\nx: #{A}\n";
        };
    }

    private static String patch(String format) {
        return format.equals("json") || format.equals("yml") ? "[{\"op\": \"add\", \"path\": \"/a/-\", \"value\": {\"z\": 1}}]" : sample(format);
    }

    @ParameterizedTest
    @CsvSource({"xml", "json", "yml", "properties", "env", "ini"})
    void noneEndsInAnExceptionOfItsOwn(String format) {
        String good = sample(format);
        for (int end = 0; end < good.length(); end++) tried(format, good.substring(0, end));
        var random = new Random(SEED);
        for (int i = 0; i < CHANGES; i++) tried(format, changed(good, random));
    }

    private static String changed(String good, Random random) {
        var text = new StringBuilder(good);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, STRAY.charAt(random.nextInt(STRAY.length())));
                default -> text.setCharAt(at, STRAY.charAt(random.nextInt(STRAY.length())));
            }
        }
        return text.toString();
    }

    private void tried(String format, String text) {
        check(format, text, patch(format), text);
        check(format, sample(format), text, text);
    }

    private void check(String format, String source, String transform, String text) {
        try {
            Outcome outcome = Attempt.in(folder).file("a." + format, source).file("a.T." + format, transform).set("A", "v").outcome();
            if (outcome instanceof Outcome.Done done) done.diff().lines("a", "b");
            for (Finding finding : outcome.findings()) assertThat(finding.toString()).as(text).startsWith("a.").doesNotContain("\n");
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + SEED + ", this " + format + ":\n" + text, e);
        }
    }
}
