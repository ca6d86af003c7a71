package nary.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import nary.posix.Address;
import nary.posix.SockDiag;
import nary.posix.SockDiag.Connection;
import nary.posix.SockDiag.TcpState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When is a connection idle? */
class ConnectionCountsTest {
    private static final Address LOCAL = new Address("127.0.0.1", 80, false);

    @ParameterizedTest(name = "{7}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    5000 | 9000  | 0 | 0 | 3 | 3 | true  | the server spoke last, and both are quiet
                    9000 | 5000  | 0 | 0 | 3 | 3 | false | the client spoke last: it waits for its answer
                    4999 | 9000  | 0 | 0 | 3 | 3 | false | the server spoke within the grace
                    9000 | 4999  | 0 | 0 | 3 | 3 | false | the client spoke within the grace
                    5000 | 9000  | 1 | 0 | 3 | 3 | false | the answer is not acknowledged yet
                    5000 | 9000  | 0 | 1 | 3 | 3 | false | a request lies unread
                    5000 | 5000  | 0 | 0 | 0 | 0 | true  | nobody ever said anything
                    5000 | 5000  | 0 | 0 | 1 | 1 | true  | request and answer in one tick of the clock
                    5000 | 5000  | 0 | 0 | 2 | 1 | false | answer and next request in one tick of the clock
                    5000 | 5000  | 0 | 0 | 1 | 0 | false | the first request, in the tick of the accept
                    """)
    void idle(long sentAgo, long receivedAgo, long unsent, long unread, long in, long out, boolean isIdle, String why) {
        var connection = new Connection(LOCAL, TcpState.ESTABLISHED, 1, 1, 0, sentAgo, receivedAgo, unsent, unread, in, out, SockDiag.NONE);
        assertThat(ConnectionCounts.isIdle(connection, Optional.of(Duration.ofSeconds(5)))).as(why).isEqualTo(isIdle);
        assertThat(ConnectionCounts.isIdle(connection, Optional.empty())).as("grace off").isFalse();
    }
}
