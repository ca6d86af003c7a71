package nary.it;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import nary.control.Json;
import nary.control.WireException;

/** {@code nary status --json}, read. */
record StatusView(long daemon, int generation, String state, String strategy, String ready, List<Row> workers, List<String> addresses) {

    /** One worker. */
    record Row(int slot, int generation, long pid, String state, int restarts, int connections, int queue, int queueLimit) {
        boolean serves() {
            return state.equals("serving");
        }
    }

    static StatusView of(String json) {
        Map<?, ?> status = read(json);
        Map<?, ?> app = (Map<?, ?>) status.get("app");
        return new StatusView(
                number(app, "pid"),
                (int) number(app, "generation"),
                text(app, "state"),
                text(app, "strategy"),
                text(app, "ready"),
                ((List<?>) status.get("workers")).stream().map(row -> row((Map<?, ?>) row)).toList(),
                ((List<?>) status.get("addresses")).stream().map(String::valueOf).toList());
    }

    private static Map<?, ?> read(String json) {
        try {
            if (Json.read(json) instanceof Map<?, ?> status) return status;
        } catch (WireException e) {
            throw new AssertionError("no JSON: " + json, e);
        }
        throw new AssertionError("no object: " + json);
    }

    private static Row row(Map<?, ?> row) {
        return new Row(
                (int) number(row, "slot"),
                (int) number(row, "generation"),
                number(row, "pid"),
                text(row, "state"),
                (int) number(row, "restarts"),
                (int) number(row, "connections"),
                (int) number(row, "queue"),
                (int) number(row, "queueLimit"));
    }

    List<Row> serving() {
        return workers.stream().filter(Row::serves).toList();
    }

    Set<Long> pids() {
        return workers.stream().map(Row::pid).filter(pid -> pid > 0).collect(Collectors.toSet());
    }

    private static long number(Map<?, ?> map, String name) {
        if (!(map.get(name) instanceof Number number)) throw new AssertionError("no number " + name + " in " + map);
        return number.longValue();
    }

    private static String text(Map<?, ?> map, String name) {
        if (!(map.get(name) instanceof String text)) throw new AssertionError("no text " + name + " in " + map);
        return text;
    }
}
