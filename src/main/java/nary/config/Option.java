package nary.config;

import java.util.Arrays;
import java.util.List;

/**
 * An option of a command; most of those of {@code nary start} are keys of {@code nary.yml} too.
 *
 * @param name with its dashes, e.g. {@code --settle}
 * @param kind of its value
 * @param isRepeated may be given several times; in the file it is a list, or for {@link Kind#PAIR} a group of keys
 * @param label what stands for the value in help: capitals are to be replaced, the rest is typed as it is: {@code S|off}
 * @param fallback its value where it is not given; empty: none that could be typed
 * @param otherwise the same in words, where it is no plain value; else empty
 * @param about what it does, one line
 * @param scope where it counts
 * @param more where docs say more about it, relative to docs/; empty: nowhere
 */
public record Option(
        String name, Kind kind, boolean isRepeated, String label, String fallback, String otherwise, String about, Scope scope, String more) {

    /** What its values are. */
    public enum Kind {
        /** Has no value. */
        FLAG,
        /** One of the words of the label. */
        WORD,
        TEXT,
        /** {@code KEY=VALUE}. */
        PAIR,
        /** A path; relative ones are relative to where the option is written: the command's directory, or the file's. */
        PATH,
        /** A whole number. */
        NUMBER,
        /** As {@link Durations}. */
        DURATION,
        /** As {@link Sizes}. */
        SIZE
    }

    /** Where an option counts, and what may change it. */
    public enum Scope {
        /** Only on the command line: it is about the command, not about the app. */
        COMMAND,
        /** Also a key of the file; a deploy applies what has changed. */
        DEPLOY,
        /** Also a key of the file; for the app's whole life: a change needs a new start. */
        LIFE
    }

    static Option option(String name, Kind kind, String label, String about) {
        return new Option(name, kind, false, label, "", "", about, Scope.COMMAND, "");
    }

    static Option flag(String name, String about) {
        return option(name, Kind.FLAG, "", about);
    }

    /** @param value could be typed */
    Option fallback(String value) {
        return new Option(name, kind, isRepeated, label, value, otherwise, about, scope, more);
    }

    Option otherwise(String words) {
        return new Option(name, kind, isRepeated, label, fallback, words, about, scope, more);
    }

    Option repeated() {
        return new Option(name, kind, true, label, fallback, otherwise, about, scope, more);
    }

    Option byDeploy() {
        return new Option(name, kind, isRepeated, label, fallback, otherwise, about, Scope.DEPLOY, more);
    }

    Option forLife() {
        return new Option(name, kind, isRepeated, label, fallback, otherwise, about, Scope.LIFE, more);
    }

    Option more(String link) {
        return new Option(name, kind, isRepeated, label, fallback, otherwise, about, scope, link);
    }

    /** Its name in the file. */
    public String key() {
        return name.startsWith("--") ? name.substring(2) : name;
    }

    public boolean isKey() {
        return scope != Scope.COMMAND;
    }

    /** What can be typed as it is: {@code auto} of {@code N|auto}. */
    public List<String> words() {
        return Arrays.stream(label.split("\\|")).filter(it -> it.matches("[a-z][a-z-]*")).toList();
    }

    /** Typed as {@code --on EVENT COMMAND}, which is {@code --on=EVENT=COMMAND}. */
    public boolean isTwoWords() {
        return kind == Kind.PAIR && label.contains(" ");
    }

    /** All values are words. */
    public boolean isOneOf() {
        return kind == Kind.WORD;
    }

    /** What it does, and its default, for help. */
    public String help() {
        String often = isRepeated ? "; may be repeated" : "";
        if (!otherwise.isEmpty()) return about + often + " (default: " + otherwise + ")";
        return about + often + (fallback.isEmpty() ? "" : " (default " + fallback + ")");
    }
}
