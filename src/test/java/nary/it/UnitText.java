package nary.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A unit file, read as systemd reads it: systemd.syntax(7). */
record UnitText(String text) {
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s\"]+)");

    List<String> values(String name) {
        return text.lines().filter(line -> line.startsWith(name + "=")).map(line -> line.substring(name.length() + 1)).toList();
    }

    String value(String name) {
        return values(name).getFirst();
    }

    List<String> command(String name) {
        return words(value(name)).stream().map(word -> word.replace("$$", "$")).toList();
    }

    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : values("Environment")) {
            for (String word : words(line)) environment.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        return environment;
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (Matcher matcher = WORD.matcher(line); matcher.find(); ) {
            String word = matcher.group(1) == null ? matcher.group(2) : matcher.group(1).translateEscapes();
            words.add(word.replace("%%", "%"));
        }
        return words;
    }
}
