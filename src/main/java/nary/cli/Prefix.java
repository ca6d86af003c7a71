package nary.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nary.fleet.ssh.Lines;

/** Lines of several servers, each with its name before it; in colours on a terminal, unless NO_COLOR is set. */
final class Prefix {
    private static final int[] COLOURS = {36, 33, 32, 35, 34, 96, 93, 92, 95, 94};

    private final Console console;
    private final Map<String, String> beginnings;

    Prefix(Console console, List<String> servers, boolean isColoured) {
        this.console = console;
        int width = servers.stream().mapToInt(String::length).max().orElse(0);
        this.beginnings = IntStream.range(0, servers.size()).boxed().collect(Collectors.toMap(servers::get, i -> beginning(servers.get(i), width, isColoured ? i : -1)));
    }

    /** @param number which colour; below 0: none */
    private static String beginning(String server, int width, int number) {
        String name = server + " ".repeat(width - server.length()) + " | ";
        return number < 0 ? name : "\033[" + COLOURS[number % COLOURS.length] + "m" + name + "\033[0m";
    }

    void line(String server, Lines.Stream stream, String text) {
        String line = beginnings.getOrDefault(server, server + " | ") + text;
        switch (stream) {
            case OUT -> console.out(line);
            case ERR -> console.err(line);
        }
    }
}
