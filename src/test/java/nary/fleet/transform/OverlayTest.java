package nary.fleet.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** .properties, .env and .ini: by key, order and comments kept. */
class OverlayTest {
    private static final String PROPERTIES =
            """
            # head
            a=1
            ! old style comment
            b : two words
            c   three
            long = one, \\
                   two, \\
                   three
            key\\ with\\ blanks = x
            empty=
            alone
            """;

    private static final String ENV =
            """
            # head
            export A=1
            B="two # words"   # a comment
            C='x'
            D=plain # another
            E="over
            two lines"
            F=
            """;

    private static final String INI =
            """
            ; head
            global = 1

            [one]
            a = 1 ; why
            flag
            b: 2

            # about two
            [two]
            \ta = 3
            list =
               x
               y

            [three]
            """;

    @TempDir
    Path folder;

    private Attempt attempt(String ending, String source, String overlay) {
        return Attempt.in(folder).file("app" + ending, source).file("app.DEV" + ending, overlay);
    }

    private void makes(String ending, String source, String overlay, String from, String to) {
        assertThat(source).contains(from);
        assertThat(attempt(ending, source, overlay).text()).as(overlay).isEqualTo(source.replace(from, to));
    }

    @Test
    void properties() throws Exception {
        makes(".properties", PROPERTIES, "# for dev\na = 2\n", "a=1", "a=2");
        makes(".properties", PROPERTIES, "b=x\\ty", "two words", "x\\ty");
        makes(".properties", PROPERTIES, "c:3", "three\n", "3\n", "c   ");
        makes(".properties", PROPERTIES, "long=a,\\\n  b", "one, \\\n       two, \\\n       three", "a,\\\n  b");
        makes(".properties", PROPERTIES, "key\\u0020with\\ blanks=y", "= x", "= y");
        makes(".properties", PROPERTIES, "empty=1\nalone=2\nnew=3", "empty=\nalone\n", "empty=1\nalone=2\nnew=3\n");
        makes(".properties", PROPERTIES, "a=1", "a=1", "a=1");
        var read = new Properties();
        read.load(new StringReader(attempt(".properties", PROPERTIES, "long=a,\\\n  b\nc=d").text()));
        assertThat(read).containsEntry("long", "a,b").containsEntry("c", "d").containsEntry("key with blanks", "x").hasSize(7);
    }

    private void makes(String ending, String source, String overlay, String from, String to, String before) {
        makes(ending, source, overlay, before + from, before + to);
    }

    @Test
    void oldEncodingsStay() {
        byte[] source = "# caf\u00e9\na=\u00e9\nb=1\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] result = Attempt.in(folder).file("a.properties", source).file("b.properties", "b=\u20ac\u00e9").bytes();
        assertThat(new String(result, StandardCharsets.ISO_8859_1)).isEqualTo("# caf\u00e9\na=\u00e9\nb=\\u20AC\u00e9\n");
        assertThat(Attempt.in(folder).file("a.ini", source).file("b.ini", "b=\u20ac").errors()).containsExactly("a.ini:3:3: ISO-8859-1 has no character U+20AC; convert the source to UTF-8");
    }

    @Test
    void env() {
        makes(".env", ENV, "A=2", "A=1", "A=2");
        makes(".env", ENV, "export B=3 # why", "\"two # words\"", "3");
        makes(".env", ENV, "C=\"y z\"\nD='w'", "'x'\nD=plain", "\"y z\"\nD='w'");
        makes(".env", ENV, "E=1", "\"over\ntwo lines\"", "1");
        makes(".env", ENV, "F=\"x\ny\"\nexport G=1", "F=\n", "F=\"x\ny\"\nexport G=1\n");
        assertThat(Attempt.in(folder).file(".env", "A=1").file(".env.dev", "B=2").text()).isEqualTo("A=1\nB=2\n");
        assertThat(attempt(".env", "A=1\nrubbish\n", "A=2").errors()).containsExactly("app.env:2:1: this line is neither NAME=VALUE nor a comment");
        assertThat(attempt(".env", "A='1\n", "A=2").errors()).containsExactly("app.env:1:3: the quote that begins here is not closed");
    }

    @Test
    void ini() {
        makes(".ini", INI, "global=2", "global = 1", "global = 2");
        makes(".ini", INI, "[one]\na=5", "1 ; why", "5 ; why");
        makes(".ini", INI, "[two]\na=5", "\ta = 3", "\ta = 5");
        makes(".ini", INI, "[one]\nc=5", "b: 2\n", "b: 2\nc=5\n");
        makes(".ini", INI, "[one]\nflag = on", "flag\n", "flag=on\n");
        makes(".ini", INI, "[two]\nlist = z", "\n   x\n   y\n", "z\n", "list =");
        makes(".ini", INI, "[three]\nx=1", "[three]\n", "[three]\nx=1\n");
        makes(".ini", INI, "[four]\nx=1\n[five]\ny=2", "[three]\n", "[three]\n\n[four]\nx=1\n\n[five]\ny=2\n");
        makes(".ini", INI, "new=0", "global = 1\n", "global = 1\nnew=0\n");
        assertThat(attempt(".ini", "[a", "x=1").errors()).containsExactly("app.ini:1:1: this line is neither a [section], nor KEY=VALUE, nor a comment");
    }

    @Test
    void lineEndsStay() {
        assertThat(attempt(".properties", "a=1\r\nb=2\r\n", "b=3\nc=4\n").text()).isEqualTo("a=1\r\nb=3\r\nc=4\r\n");
        assertThat(attempt(".ini", "[a]\r\nx=1\r\n", "[a]\nx=2\ny=3").text()).isEqualTo("[a]\r\nx=2\r\ny=3\r\n");
    }

    @Test
    void whatIsAmbiguousIsAnError() {
        assertThat(attempt(".env", "A=1\nB=2\nA=3\n", "A=4").errors()).containsExactly("app.DEV.env:1:1: A stands 2 times in the source, in lines 1, 3");
        assertThat(attempt(".env", "A=1\nB=2\nA=3\n", "A=4").lenient().text()).isEqualTo("A=4\nB=2\nA=4\n");
        assertThat(attempt(".ini", "[a]\nx=1\n", "[a]\nx=2\nx=3\n").errors()).containsExactly("app.DEV.ini:3:1: conflict: [a] x has another value in line 2");
        assertThat(attempt(".ini", "[a]\nx=1\n", "[a]\nx=2\nx=3\n").lenient().text()).isEqualTo("[a]\nx=3\n");
        assertThat(attempt(".properties", "a=1\n", "# nothing\n").errors()).containsExactly("app.DEV.properties: it sets nothing");
        assertThat(attempt(".properties", "a=1\n", "# nothing\n").lenient().text()).isEqualTo("a=1\n");
    }
}
