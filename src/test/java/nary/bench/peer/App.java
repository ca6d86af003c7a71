package nary.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server, as it is started bare.
 *
 * @param words {@link #PORT} stands for the port
 * @param environment beside that of the benchmark
 * @param constantRate requests a second that every manager of it can hold while it deploys
 */
public record App(String name, List<String> words, Map<String, String> environment, int constantRate) {
    public static final String PORT = "{port}";

    List<String> words(int port) {
        return words.stream().map(it -> it.replace(PORT, Integer.toString(port))).toList();
    }

    /** For Node's managers, which want the script and its arguments. */
    List<String> script(int port) {
        return words(port).subList(1, words.size());
    }

    public App with(String key, String value) {
        Map<String, String> more = new java.util.HashMap<>(environment);
        more.put(key, value);
        return new App(name, words, more, constantRate);
    }

    public App plus(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new App(name, all, environment, constantRate);
    }
}
