package nary.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A group of keys in a {@link Document}. An accessor that finds something wrong adds it to the document's {@link Problems} and answers as if
 * the key were not there.
 */
public final class Section {
    private final Tree.Keys keys;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param path the keys that lead here, for messages: empty at the top, else e.g. {@code apps.web} */
    Section(Tree.Keys keys, String path, Problems problems) {
        this.keys = keys;
        this.path = path;
        this.problems = problems;
    }

    public Place place() {
        return keys.place();
    }

    /** The keys that lead here: empty at the top, else e.g. {@code apps.web}. */
    public String path() {
        return path;
    }

    /** In the file's order. */
    public List<String> names() {
        return keys.all().stream().map(Tree.Key::name).toList();
    }

    /** The key is there, whatever it holds. */
    public boolean has(String key) {
        return find(key).isPresent();
    }

    /** Where the key's value stands; where there is none, the section. */
    public Place placeOf(String key) {
        return find(key).map(it -> it.value().place()).orElse(place());
    }

    /** Where the key itself stands; where there is none, the section. */
    public Place placeOfKey(String key) {
        return find(key).map(Tree.Key::place).orElse(place());
    }

    private Optional<Tree.Key> find(String key) {
        return keys.all().stream().filter(it -> it.name().equals(key)).findFirst();
    }

    /** The key's value as it is. From now on the key is a known one. */
    public Optional<Tree> tree(String key) {
        known.add(key);
        return find(key).map(Tree.Key::value);
    }

    /** Adds a problem at the key's value. @param what what is wrong; what to type instead */
    public void complain(String key, String what) {
        problems.add(placeOf(key), key + ": " + what);
    }

    /** The key must be there. @param example what to type */
    public void require(String key, String example) {
        if (!has(key)) problems.add(place(), (path.isEmpty() ? "" : path + ": ") + "the key '" + key + "' is missing, e.g. " + example);
    }

    // one value

    public Optional<String> text(String key) {
        return parsed(key, text -> text);
    }

    /** @param parser its IllegalArgumentException says what is wrong, and what to type instead */
    public <T> Optional<T> parsed(String key, Function<String, T> parser) {
        return tree(key).flatMap(tree -> scalar(key, tree)).flatMap(scalar -> parse(key, scalar, parser));
    }

    private Optional<Tree.Scalar> scalar(String key, Tree tree) {
        if (tree instanceof Tree.Scalar scalar && !scalar.isNothing()) return Optional.of(scalar);
        String instead = tree instanceof Tree.Scalar ? "; leave the key out, or write \"\" for an empty text" : "";
        problems.add(tree.place(), key + ": one value is wanted, and this is " + tree.what() + instead);
        return Optional.empty();
    }

    private <T> Optional<T> parse(String key, Tree.Scalar scalar, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(scalar.text()));
        } catch (IllegalArgumentException e) {
            problems.add(scalar.place(), key + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A whole number, both bounds included. */
    public Optional<Integer> integer(String key, int least, int most) {
        return parsed(key, text -> Numbers.integer(text, least, most, ""));
    }

    public Optional<Boolean> bool(String key) {
        return parsed(key, Section::parseBool);
    }

    private static boolean parseBool(String text) {
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    /** As {@link Durations}. */
    public Optional<Duration> duration(String key) {
        return parsed(key, Durations::parse);
    }

    /** Bytes, as {@link Sizes}. */
    public Optional<Long> size(String key) {
        return parsed(key, Sizes::parse);
    }

    /** One of some words. */
    public Optional<String> oneOf(String key, String... words) {
        return parsed(key, text -> {
            List<String> all = Arrays.asList(words);
            if (all.contains(text)) return text;
            throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", all) + Suggest.text(text, all));
        });
    }

    // several values

    /** A list of texts; a single text is a list of one. Empty where there is none. */
    public List<String> texts(String key) {
        return values(key).stream().map(Tree.Scalar::text).toList();
    }

    /** The same with their places. */
    public List<Tree.Scalar> values(String key) {
        Optional<Tree> tree = tree(key);
        if (tree.isEmpty()) return List.of();
        List<Tree> all = tree.get() instanceof Tree.Items items ? items.all() : List.of(tree.get());
        return all.stream().flatMap(each -> scalar(key, each).stream()).toList();
    }

    /** The items of a list, of whatever kind each is. Empty where there is none. */
    public List<Tree> items(String key) {
        Optional<Tree> tree = tree(key);
        if (tree.isEmpty()) return List.of();
        if (tree.get() instanceof Tree.Items items) return items.all();
        problems.add(tree.get().place(), key + ": a list is wanted, and this is " + tree.get().what());
        return List.of();
    }

    /** A section of one of the {@link #items}. @param name of the item for messages, e.g. {@code servers[0]} */
    public Section section(String name, Tree.Keys item) {
        return new Section(item, below(name), problems);
    }

    /** Names and texts, in the file's order. Empty where there are none. */
    public Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        entries(key).forEach((name, scalar) -> texts.put(name, scalar.text()));
        return texts;
    }

    /** The same with their places. */
    public Map<String, Tree.Scalar> entries(String key) {
        Map<String, Tree.Scalar> all = new LinkedHashMap<>();
        for (Tree.Key each : group(key).all()) scalar(key + "." + each.name(), each.value()).ifPresent(scalar -> all.put(each.name(), scalar));
        return all;
    }

    /** The keys below the key; none where it is not there. */
    private Tree.Keys group(String key) {
        Tree.Keys none = new Tree.Keys(placeOf(key), List.of());
        Optional<Tree> tree = tree(key);
        if (tree.isEmpty()) return none;
        return group(key, tree.get()).orElse(none);
    }

    private Optional<Tree.Keys> group(String key, Tree tree) {
        if (tree instanceof Tree.Keys group) return Optional.of(group);
        problems.add(tree.place(), key + ": a group of keys is wanted, 'key: value' in lines of their own, and this is " + tree.what());
        return Optional.empty();
    }

    // sections

    /** The section below the key. */
    public Optional<Section> section(String key) {
        return tree(key).flatMap(tree -> group(key, tree)).map(group -> new Section(group, below(key), problems));
    }

    /** A list of sections. */
    public List<Section> sections(String key) {
        Optional<Tree> tree = tree(key);
        if (tree.isEmpty()) return List.of();
        if (!(tree.get() instanceof Tree.Items items)) {
            problems.add(tree.get().place(), key + ": a list is wanted, each of its items after '- ', and this is " + tree.get().what());
            return List.of();
        }
        List<Section> all = new ArrayList<>();
        for (Tree each : items.all()) {
            String name = below(key) + "[" + all.size() + "]";
            group(key, each).ifPresent(group -> all.add(new Section(group, name, problems)));
        }
        return all;
    }

    /** Sections by name, in the file's order. */
    public Map<String, Section> named(String key) {
        Map<String, Section> all = new LinkedHashMap<>();
        for (Tree.Key each : group(key).all())
            group(key + "." + each.name(), each.value()).ifPresent(group -> all.put(each.name(), new Section(group, below(key) + "." + each.name(), problems)));
        return all;
    }

    private String below(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    // the end

    /** Every key that was not asked for by now is unknown, except those that begin with {@code x-}. */
    public void end() {
        end(Map.of(), "");
    }

    /**
     * The same, with help for those who come from elsewhere.
     *
     * @param foreign unknown keys, and what says the same here
     * @param hint for those that are near to nothing; may be empty
     */
    public void end(Map<String, String> foreign, String hint) {
        for (Tree.Key key : keys.all()) {
            if (known.contains(key.name()) || key.name().startsWith("x-")) continue;
            String near = foreign.containsKey(key.name()) ? "; here: " + foreign.get(key.name()) : Suggest.text(key.name(), known);
            String where = path.isEmpty() ? "" : " in " + path;
            problems.add(key.place(), "there is no key '" + key.name() + "'" + where + (near.isEmpty() ? hint : near));
        }
    }
}
