package nary.fleet.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What comes back from the shared shell. */
class ExchangeTest {
    private final List<String> told = new ArrayList<>();
    private final Exchange exchange = new Exchange(Command.of("true"), (stream, line) -> told.add(stream + " " + line));

    private String token() {
        return Pattern.compile("nary-[0-9a-f-]{36}").matcher(exchange.text()).results().findFirst().orElseThrow().group();
    }

    @Test
    void eachPartEndsByTheToken() throws Exception {
        for (String line : List.of("Welcome", "", token(), "one", "", "", token(), "wrong", token() + " 3")) exchange.line(line);
        assertThat(exchange.await()).contains(3);
        assertThat(told).containsExactly("OUT one", "OUT ", "ERR wrong");
    }

    @Test
    void whatStillComesAfterItWasCancelledIsNobodys() throws Exception {
        exchange.line(token());
        exchange.end();
        for (String line : List.of("late", token(), "wrong", token() + " 0")) exchange.line(line);
        assertThat(exchange.await()).isEmpty();
        assertThat(told).isEmpty();
    }
}
