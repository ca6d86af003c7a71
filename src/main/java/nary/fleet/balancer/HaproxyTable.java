package nary.fleet.balancer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What HAProxy answers to {@code show info; show servers state; show stat -1 4 -1}: all its servers, at one moment. */
record HaproxyTable(String instance, List<Row> rows) {
    static final String QUESTION = "show info;show servers state;show stat -1 4 -1\n";

    private static final int MAINTENANCE_BITS = 1 | 2 | 4 | 32;
    private static final int DRAIN_BITS = 8 | 16;

    /**
     * A server in a backend.
     *
     * @param status operational: {@code UP}, {@code UP 1/3}, {@code DOWN}, {@code DRAIN}, {@code MAINT}, {@code no check}, …
     * @param check the last check's verdict, e.g. {@code L7OK}; empty without checks
     * @param admin bits of what was ordered
     * @param address {@code IP:PORT}
     * @param initialWeight as configured
     */
    record Row(
            String backend, String server, String address, String status, String check, int admin, int weight, int initialWeight, int sessions, int queued,
            boolean isBackup) {

        String id() {
            return backend + "/" + server;
        }

        boolean isMaintained() {
            return (admin & MAINTENANCE_BITS) != 0;
        }

        boolean isDrained() {
            return (admin & DRAIN_BITS) != 0;
        }

        boolean isChecked() {
            return !check.isEmpty() && !status.equals("no check");
        }

        /** Gets requests, and its checks do not hint at anything else. */
        boolean isFullyUp() {
            return status.equals("UP") || status.equals("no check");
        }

        boolean isServing() {
            return admin == 0 && weight > 0 && (status.startsWith("UP") || status.equals("no check"));
        }

        /** The last check passed; {@code *} marks one that is under way. */
        boolean hasPassed() {
            return check.replace("* ", "").matches("L[467]OKC?");
        }

        Standing.State state() {
            if (isMaintained()) return Standing.State.OUT;
            if (isDrained()) return Standing.State.DRAINING;
            return isServing() ? Standing.State.IN : Standing.State.DOWN;
        }

        String text() {
            return check.isEmpty() ? status : status + " " + check;
        }
    }

    /** @throws IllegalArgumentException if this is not what HAProxy answers */
    static HaproxyTable parse(String text) {
        Map<String, String> info = new HashMap<>();
        Map<String, Map<String, String>> states = new HashMap<>();
        List<Map<String, String>> stats = new ArrayList<>();
        List<String> heads = List.of();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# be_id")) heads = List.of(line.substring(2).split(" "));
            else if (line.startsWith("# pxname")) heads = csv(line.substring(2));
            else if (line.isBlank()) heads = List.of();
            else if (heads.contains("be_id")) addState(named(heads, List.of(line.split(" "))), states);
            else if (heads.contains("pxname")) stats.add(named(heads, csv(line)));
            else if (line.contains(": ")) info.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(": ") + 2));
        }
        if (!info.containsKey("Pid")) throw new IllegalArgumentException("no answer of HAProxy: " + text.lines().findFirst().orElse("nothing"));
        List<Row> rows = stats.stream().map(stat -> row(stat, states)).toList();
        return new HaproxyTable("pid " + info.get("Pid"), rows);
    }

    private static void addState(Map<String, String> state, Map<String, Map<String, String>> states) {
        states.put(state.get("be_name") + "/" + state.get("srv_name"), state);
    }

    private static Row row(Map<String, String> stat, Map<String, Map<String, String>> states) {
        String backend = stat.getOrDefault("pxname", "");
        String server = stat.getOrDefault("svname", "");
        Map<String, String> state = states.getOrDefault(backend + "/" + server, Map.of());
        return new Row(
                backend,
                server,
                state.getOrDefault("srv_addr", "") + ":" + state.getOrDefault("srv_port", ""),
                stat.getOrDefault("status", ""),
                stat.getOrDefault("check_status", ""),
                number(state.get("srv_admin_state")),
                number(state.get("srv_uweight")),
                number(state.get("srv_iweight")),
                number(stat.get("scur")),
                number(stat.get("qcur")),
                number(stat.get("bck")) > 0);
    }

    private static int number(@org.jspecify.annotations.Nullable String text) {
        return text == null || !text.matches("-?[0-9]{1,9}") ? 0 : Integer.parseInt(text);
    }

    private static Map<String, String> named(List<String> heads, List<String> values) {
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < Math.min(heads.size(), values.size()); i++) named.put(heads.get(i), values.get(i));
        return named;
    }

    /** Fields with commas, or with quotes, which are doubled, are in quotes. */
    static List<String> csv(String line) {
        List<String> fields = new ArrayList<>();
        var field = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean isDoubled = isQuoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
            if (isDoubled) field.append(line.charAt(++i));
            else if (c == '"') isQuoted = !isQuoted;
            else if (c == ',' && !isQuoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else field.append(c);
        }
        fields.add(field.toString());
        return fields;
    }
}
