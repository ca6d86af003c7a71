package nary.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class OutputTest {
    @Test
    void wrkIsReadWithAllItsErrors() throws IOException {
        assertThat(Wrk.of("""
                  161886 requests in 3.00s, 33.04MB read
                  Socket errors: connect 1, read 2, write 3, timeout 4
                  Non-2xx or 3xx responses: 5
                Requests/sec:  53957.51
                Transfer/sec:     11.01MB
                """)).isEqualTo(new Wrk(53957.51, 15));
        assertThatThrownBy(() -> Wrk.of("unable to connect")).isInstanceOf(IOException.class).hasMessageContaining("unable to connect");
    }

    @Test
    void anAbThatGaveUpHasNoRate() {
        assertThat(Ab.of("Failed requests:        12\n   (Connect: 0)\nRequests per second:    9876.54 [#/sec] (mean)\n"))
                .isEqualTo(new Ab(OptionalDouble.of(9876.54), 12));
        assertThat(Ab.of("apr_pollset_poll: The timeout specified has expired (70007)\n")).isEqualTo(new Ab(OptionalDouble.empty(), 0));
    }
}
