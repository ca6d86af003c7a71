package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code #{NAME}} in each format, and what is never shown. */
class FillingTest {
    private static final String HARD = "a\"b'c<d>&e\\f#g: h";

    @TempDir
    Path folder;

    private Attempt hard(String name, String text) {
        return Attempt.in(folder).file(name, text).set("X", HARD).set("LINES", "1\n2").set("PORT", "8080").set("NONE", "");
    }

    @Test
    void xml() {
        assertThat(hard("a.xml", "<r a=\"#{X}\" b='#{X}'>#{X}<![CDATA[#{X}]]><!-- #{OTHER} --></r>").text())
                .isEqualTo("<r a=\"a&quot;b&apos;c&lt;d>&amp;e\\f#g: h\" b='a&quot;b&apos;c&lt;d>&amp;e\\f#g: h'>a\"b'c&lt;d&gt;&amp;e\\f#g: h<![CDATA[" + HARD + "]]><!-- #{OTHER} --></r>");
        assertThat(Attempt.in(folder).file("a.xml", "<r><![CDATA[#{E}]]></r>").set("E", "]]>").text()).isEqualTo("<r><![CDATA[]]]]><![CDATA[>]]></r>");
        assertThat(Attempt.in(folder).file("a.xml", "<r a='#{E}'/>").set("E", "\u0001").errors()).containsExactly("a.xml:1:7: the value of #{E} has a character that XML cannot hold");
    }

    @Test
    void json() {
        assertThat(hard("a.json", "{\"#{PORT}\": \"x#{X}\" // #{OTHER}\n}").text()).isEqualTo("{\"8080\": \"xa\\\"b'c<d>&e\\\\f#g: h\" // #{OTHER}\n}");
        assertThat(hard("a.json", "[\"#{LINES}\"]").text()).isEqualTo("[\"1\\n2\"]");
    }

    @Test
    void yaml() {
        assertThat(hard("a.yml", "port: #{PORT} # the #{OTHER}\nurl: http://h:#{PORT}/\nx: #{X}\nd: \"#{X}\"\ns: '#{X}'\nn: #{NONE}\nf: [#{PORT}, #{LINES}]\nb: |\n  #{LINES}\n").text())
                .isEqualTo("port: 8080 # the #{OTHER}\nurl: http://h:8080/\nx: \"a\\\"b'c<d>&e\\\\f#g: h\"\nd: \"a\\\"b'c<d>&e\\\\f#g: h\"\ns: 'a\"b''c<d>&e\\f#g: h'\nn: \"\"\nf: [8080, \"1\\n2\"]\nb: |\n  1\n  2\n");
        assertThat(hard("a.yml", "s: '#{LINES}'").errors()).containsExactly("a.yml:1:5: the value of #{LINES} has a line break or a control character; use double quotes around it");
        assertThat(Attempt.in(folder).file("a.yml", "port: #{PORT} # p\nx: 1\n").file("b.yml", "port: #{OTHER}\nx: #{PORT}\n").set("PORT", "1").set("OTHER", "2").text()).isEqualTo("port: \"2\" # p\nx: \"1\"\n");
    }

    @Test
    void properties() {
        assertThat(hard("a.properties", "# #{OTHER}\na=#{X}\nb=#{LINES}\n").text()).isEqualTo("# #{OTHER}\na=a\"b'c<d>&e\\\\f#g: h\nb=1\\n2\n");
    }

    @Test
    void env() {
        assertThat(hard("a.env", "# #{OTHER}\nA=#{PORT}\nB=#{X}\nC=\"#{X}\"\nD=#{LINES}\nE='#{PORT}'\n").text())
                .isEqualTo("# #{OTHER}\nA=8080\nB=\"a\\\"b'c<d>&e\\\\f#g: h\"\nC=\"a\\\"b'c<d>&e\\\\f#g: h\"\nD=\"1\\n2\"\nE='8080'\n");
        assertThat(hard("a.env", "E='#{X}'\n").errors()).containsExactly("a.env:1:4: the value of #{X} has a single quote or a control character; use double quotes around it");
    }

    @Test
    void ini() {
        assertThat(hard("a.ini", "[s]\n; #{OTHER}\na = #{X}\n").text()).isEqualTo("[s]\n; #{OTHER}\na = " + HARD + "\n");
        assertThat(hard("a.ini", "a = #{LINES}\n").errors()).containsExactly("a.ini:1:5: the value of #{LINES} has a line break, and .ini has no form for it");
    }

    @Test
    void anUnknownNameIsAnError() {
        var attempt = Attempt.in(folder).file("a.xml", "<r>\n <a v=\"#{DB_HOTS}\"/></r>").set("DB_HOST", "x");
        assertThat(attempt.errors()).containsExactly("a.xml:2:8: no variable DB_HOTS: set it by --set DB_HOTS=VALUE, --vars FILE or the environment; did you mean DB_HOST?");
        assertThat(attempt.lenient().text()).contains("#{DB_HOTS}");
    }

    @Test
    void placeholdersOfATransformAreFilledToo() {
        var attempt = Attempt.in(folder).file("a.json", "{\"a\": 1}").file("b.json", "{\n\"a\": \"#{V}\", \"b\": \"#{W}\"}").set("V", "x");
        assertThat(attempt.errors()).singleElement().asString().startsWith("b.json:2:20: no variable W");
        assertThat(attempt.set("W", "y").text()).isEqualTo("{\"a\": \"x\", \"b\": \"y\"}");
    }

    @Test
    void whatLooksLikeOneIsWrittenWithTwo() {
        assertThat(Attempt.in(folder).file("a.xml", "<r a=\"##{NAME} ##{x.y()}\"/>").text()).isEqualTo("<r a=\"#{NAME} #{x.y()}\"/>");
        assertThat(Attempt.in(folder).file("a.xml", "<r a=\"#{x y}\"/>").errors()).containsExactly("a.xml:1:7: '#{x y}' is no placeholder like #{NAME}; write ##{ for a literal #{");
        assertThat(Attempt.in(folder).file("a.xml", "<r a=\"#{x y}\"/>").lenient().text()).isEqualTo("<r a=\"#{x y}\"/>");
    }

    private String diff(Attempt attempt) {
        if (attempt.outcome() instanceof Outcome.Done done) return String.join("\n", done.diff().lines("a", "b"));
        throw new AssertionError(attempt.findings().toString());
    }

    @Test
    void secretsAreNotInTheDiff() {
        var attempt = Attempt.in(folder)
                .file("a.yml", "user: #{USER}\npw: x#{DB_PASSWORD}\nurl: #{LINK}\nplain: password\n")
                .set("USER", "shop").set("DB_PASSWORD", "hunter2").set("LINK", "postgres://u:hunter2@db/x");
        assertThat(attempt.text()).contains("xhunter2", "u:hunter2@");
        assertThat(diff(attempt)).contains("+user: shop", "+pw: x********", "plain: password").doesNotContain("hunter2");
    }

    @Test
    void secretsWrittenInTheFilesAreNotInTheDiffEither() {
        var attempt = Attempt.in(folder)
                .file("a.config", "<r>\n <add key=\"DbPassword\" value=\"hunter1\"/>\n <c s=\"Server=x;Password=hunter1;T=1\"/>\n</r>")
                .file("b.config", "<r xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"><add value=\"hunter2\" xdt:Transform=\"SetAttributes\"/></r>");
        assertThat(diff(attempt)).contains("key=\"DbPassword\" value=\"********\"", "Server=x;Password=********;T=1").doesNotContain("hunter");
        assertThat(diff(Attempt.in(folder).file("a.json", "{\"dbPassword\": \"hunter1\", \"n\": 1}").file("b.json", "{\"n\": 2}"))).doesNotContain("hunter");
        assertThat(diff(Attempt.in(folder).file("a.properties", "db.password=hunter1\nn=1").file("b.properties", "db.password=hunter2"))).doesNotContain("hunter");
    }
}
