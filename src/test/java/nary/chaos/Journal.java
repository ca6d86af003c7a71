package nary.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code nary.log} of one life. */
record Journal(List<Line> lines) {
    private static final Pattern LINE = Pattern.compile("(\\S+) ([A-Z]\\w+) (?:(\\d+\\.\\d+(?:#\\d+)?) )?(?:\\[[a-z0-9, ]*] )?(.*)");
    private static final Pattern END = Pattern.compile("worker (\\S+) (was ended by|exited with) .*");
    private static final Pattern START = Pattern.compile("worker \\S+ is started.*|slot \\d+ gets a new process .*");

    /** @param at wall clock, in milliseconds; worker: empty if it is about none */
    record Line(long at, String name, String worker, String text) {
        boolean isEnd() {
            return END.matcher(text).matches() && !worker.isEmpty();
        }

        boolean isStart() {
            return START.matcher(text).matches() && !worker.isEmpty();
        }

        @Override
        public String toString() {
            return java.time.Instant.ofEpochMilli(at) + " " + name + " " + worker + " " + text;
        }
    }

    static Journal read(Path log) throws IOException {
        return new Journal(Files.readAllLines(log).stream().map(Journal::line).toList());
    }

    private static Line line(String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) throw new IllegalStateException("no line of an event log: " + text);
        long at = OffsetDateTime.parse(line.group(1)).toInstant().toEpochMilli();
        return new Line(at, line.group(2), line.group(3) == null ? "" : line.group(3), line.group(4));
    }

    List<String> started() {
        return lines.stream().filter(Line::isStart).map(Line::worker).sorted().toList();
    }

    List<String> ended() {
        return lines.stream().filter(Line::isEnd).map(Line::worker).sorted().toList();
    }

    Stream<Line> of(String worker) {
        return lines.stream().filter(line -> line.worker().equals(worker));
    }

    long saying(String text) {
        return lines.stream().filter(line -> line.text().equals(text)).count();
    }

    /** What was said around that moment. */
    List<Line> around(long millis) {
        return lines.stream().filter(line -> Math.abs(line.at() - millis) <= 1500).toList();
    }
}
