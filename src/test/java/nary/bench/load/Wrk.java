package nary.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nary.bench.peer.Commands;

/** What wrk said of a closed loop on kept connections: the most that a server does. */
public record Wrk(double perSecond, long errors) {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern ERRORS = Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    public static Wrk run(int port, int connections, int seconds) throws IOException, InterruptedException {
        List<String> words = List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "http://127.0.0.1:" + port + "/");
        return of(Commands.run(words, Map.of(), Duration.ofSeconds(seconds + 30)).checked().out());
    }

    static Wrk of(String output) throws IOException {
        Matcher rate = RATE.matcher(output);
        if (!rate.find()) throw new IOException("wrk said no rate: " + output);
        long errors = 0;
        Matcher socket = ERRORS.matcher(output);
        if (socket.find()) for (int i = 1; i <= 4; i++) errors += Long.parseLong(socket.group(i));
        Matcher status = STATUS.matcher(output);
        if (status.find()) errors += Long.parseLong(status.group(1));
        return new Wrk(Double.parseDouble(rate.group(1)), errors);
    }
}
