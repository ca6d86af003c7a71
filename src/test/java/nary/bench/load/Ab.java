package nary.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nary.bench.peer.Commands;

/**
 * What ab said of a closed loop with a new connection for each request.
 *
 * @param perSecond empty: it gave up, after 30 s without an answer
 */
public record Ab(OptionalDouble perSecond, long failed) {
    private static final Pattern RATE = Pattern.compile("Requests per second:\\s+([0-9.]+)");
    private static final Pattern FAILED = Pattern.compile("Failed requests:\\s+(\\d+)");

    public static Ab run(int port, int connections, int seconds) throws IOException, InterruptedException {
        return run(port, connections, seconds, "127.0.0.1");
    }

    /** @param source the address that the connections come from */
    public static Ab run(int port, int connections, int seconds, String source) throws IOException, InterruptedException {
        List<String> words = List.of("ab", "-q", "-r", "-B", source, "-t" + seconds, "-n1000000", "-c" + connections, "http://127.0.0.1:" + port + "/");
        return of(Commands.run(words, Map.of(), Duration.ofSeconds(seconds + 60)).out());
    }

    static Ab of(String output) {
        Matcher rate = RATE.matcher(output);
        Matcher failed = FAILED.matcher(output);
        return new Ab(
                rate.find() ? OptionalDouble.of(Double.parseDouble(rate.group(1))) : OptionalDouble.empty(),
                failed.find() ? Long.parseLong(failed.group(1)) : 0);
    }
}
