package nary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import nary.config.Output;
import nary.id.WorkerId;
import nary.posix.Fd;
import org.junit.jupiter.api.Test;

class LineFormatTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d\\d:\\d\\d";

    private static LinePipe pipe(Output.Format format, Capture.Stream stream) {
        LogFile nowhere = LogFile.at(Path.of("/dev/null"), Archive.none(), "", _ -> {});
        LinePipe pipe = new LinePipe(new WorkerId(7, 3, 2), stream, new Fd(-1), new LineFile(nowhere, LineFormat.of(format)));
        pipe.pid(4711);
        return pipe;
    }

    private static String made(Output.Format format, String text, boolean isContinued, boolean endsLine) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return string(LineFormat.of(format).format(pipe(format, Capture.Stream.ERR), ByteBuffer.wrap(bytes), isContinued, endsLine));
    }

    private static String string(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Test
    void rawIsAsItWas() {
        assertThat(made(Output.Format.RAW, "a\0b\n\nc\n", false, true)).isEqualTo("a\0b\n\nc\n");
    }

    @Test
    void textSaysWhenAndWho() {
        assertThat(made(Output.Format.TEXT, "one\n\ttwo\n\n", false, true).lines())
                .satisfiesExactly(
                        one -> assertThat(one).matches(TIME + " 7\\.3 4711 one"),
                        two -> assertThat(two).matches(TIME + " 7\\.3 4711 \ttwo"),
                        empty -> assertThat(empty).matches(TIME + " 7\\.3 4711 "));
    }

    @Test
    void aPieceOfTextIsToldWhoOnce() {
        assertThat(made(Output.Format.TEXT, "begin", false, false)).matches(TIME + " 7\\.3 4711 begin");
        assertThat(made(Output.Format.TEXT, "middle", true, false)).isEqualTo("middle");
        assertThat(made(Output.Format.TEXT, "end\nnext\n", true, true)).matches("end\n" + TIME + " 7\\.3 4711 next\n");
    }

    @Test
    void jsonIsOneObjectALine() {
        assertThat(made(Output.Format.JSON, "a \"b\" \\ \t\u0001 é\nc\n", false, true).replaceAll(TIME, "T"))
                .isEqualTo("{\"time\":\"T\",\"slot\":3,\"generation\":7,\"pid\":4711,\"stream\":\"err\",\"line\":\"a \\\"b\\\" \\\\ \\t\\u0001 é\"}\n"
                        + "{\"time\":\"T\",\"slot\":3,\"generation\":7,\"pid\":4711,\"stream\":\"err\",\"line\":\"c\"}\n");
    }

    @Test
    void aPieceOfJsonIsAnObjectToo() {
        assertThat(made(Output.Format.JSON, "piece", false, false)).endsWith("\"partial\":true,\"line\":\"piece\"}\n");
    }

    @Test
    void whatIsNoUtf8IsReplacedInJsonOnly() {
        byte[] bytes = {'a', (byte) 0xff, 'b', '\n'};
        String made = string(LineFormat.of(Output.Format.JSON).format(pipe(Output.Format.JSON, Capture.Stream.OUT), ByteBuffer.wrap(bytes), false, true));
        assertThat(made).contains("\"line\":\"a\ufffdb\"");
    }

    @Test
    void whatIsWrittenIsUnderstoodAgain() {
        for (Output.Format format : new Output.Format[] {Output.Format.TEXT, Output.Format.JSON}) {
            long before = System.currentTimeMillis();
            byte[] line = made(format, "hello\n", false, true).getBytes(StandardCharsets.UTF_8);
            LogLine parsed = new LogLine.Parser(5, -1).parse(line);
            assertThat(parsed.slot()).as("%s", format).isEqualTo(3);
            assertThat(parsed.millis()).as("%s", format).isBetween(before, System.currentTimeMillis());
        }
        assertThat(new LogLine.Parser(5, -1).parse("hello 1.2 3\n".getBytes(StandardCharsets.UTF_8))).satisfies(line -> {
            assertThat(line.slot()).isEqualTo(-1);
            assertThat(line.millis()).isEqualTo(5);
        });
    }
}
