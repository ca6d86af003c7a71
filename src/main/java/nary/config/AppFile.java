package nary.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code nary.yml}: one app, its keys at the top, or several below {@code apps}. Shapes and names are checked here; what the values of options
 * mean is checked by who reads them, into the same {@link #problems}.
 */
public final class AppFile {
    /** Looked for in this order. */
    public static final List<String> NAMES = List.of("nary.yml", "nary.yaml", "nary.json");

    /** Below the file's directory: a folder for each of several apps. */
    public static final String STATE = ".nary";

    private static final String APP_NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,39}";

    private final Path path;
    private final boolean hasSeveral;
    private final List<FileApp> apps = new ArrayList<>();
    private final Problems problems;

    private AppFile(Path path, Document document) {
        this.path = path;
        this.problems = document.problems();
        Section root = document.root();
        root.tree("$schema");
        this.hasSeveral = root.has("apps");
        if (hasSeveral) readSeveral(root);
        else apps.add(app(root, root.text("name").orElse("")));
    }

    /** The file of this directory, if it has one. */
    public static Optional<Path> find(Path directory) {
        return NAMES.stream().map(directory::resolve).filter(Files::isRegularFile).findFirst();
    }

    /**
     * @param path absolute; symlinks are kept
     * @param shown how messages name it
     * @throws ConfigException if it is no YAML and no JSON; everything else is in {@link #problems}
     */
    public static AppFile read(Path path, String shown) throws ConfigException, IOException {
        return new AppFile(path, Document.read(path, shown));
    }

    public Path path() {
        return path;
    }

    /** In the file's order. */
    public List<FileApp> apps() {
        return List.copyOf(apps);
    }

    /** The apps have names, and a folder each. */
    public boolean hasSeveral() {
        return hasSeveral;
    }

    public Optional<FileApp> app(String name) {
        return apps.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** Without those that have none. */
    public List<String> names() {
        return apps.stream().map(FileApp::name).filter(it -> !it.isEmpty()).toList();
    }

    /** What is wrong with the file, as far as it has been looked at. */
    public Problems problems() {
        return problems;
    }

    private void readSeveral(Section root) {
        if (root.tree("apps").orElseThrow() instanceof Tree.Items)
            for (Section each : root.sections("apps")) {
                each.require("name", "name: web");
                each.text("name").ifPresent(name -> addApp(name, each.placeOf("name"), each));
            }
        else root.section("apps").ifPresent(all -> all.names().forEach(name -> all.section(name).ifPresent(section -> addApp(name, all.placeOfKey(name), section))));
        if (apps.isEmpty() && problems.isEmpty()) root.complain("apps", "there is none; write e.g. 'web:' and below it 'command: node server.js'");
        root.end(Map.of(), " beside 'apps': put it into one of them");
    }

    private void addApp(String name, Place place, Section section) {
        if (!name.matches(APP_NAME)) problems.add(place, "'" + name + "' cannot be an app's name: use letters, digits and - _ . , at most 40");
        else if (app(name).isPresent()) problems.add(place, "there are two apps '" + name + "'");
        apps.add(app(section, name));
    }

    private FileApp app(Section section, String name) {
        section.tree("name");
        if (!hasSeveral && section.has("name") && !name.matches(APP_NAME)) section.complain("name", "'" + name + "' cannot be an app's name: use letters, digits and - _ . , at most 40");
        Map<String, List<FileApp.Value>> options = new LinkedHashMap<>();
        List<String> command = command(section);
        for (Option option : OptionTable.keys()) {
            List<FileApp.Value> values = values(section, option);
            if (!values.isEmpty()) options.put(option.name(), values);
        }
        section.end(Foreign.KEYS, hasSeveral || section.has("command") ? "" : "; if it is an app, put it below 'apps:', with a 'command'");
        Path base = path.resolveSibling("").normalize();
        return new FileApp(path, name, base, hasSeveral ? base.resolve(STATE).resolve(name) : base, section.place(), command, options);
    }

    /** A list of words, or a text that is split into them. */
    private static List<String> command(Section section) {
        Optional<Tree> tree = section.tree("command");
        section.require("command", "command: node server.js");
        if (tree.isEmpty()) return List.of();
        if (tree.get() instanceof Tree.Items) return section.texts("command");
        List<String> words = section.parsed("command", ShellWords::split).orElse(List.of());
        if (words.isEmpty() && section.text("command").filter(String::isBlank).isPresent()) section.complain("command", "it is empty; write e.g. command: node server.js");
        return words;
    }

    private static List<FileApp.Value> values(Section section, Option option) {
        String key = option.key();
        Optional<Tree> tree = section.tree(key);
        if (tree.isEmpty()) return List.of();
        if (option.kind() == Option.Kind.PAIR && tree.get() instanceof Tree.Keys) {
            List<FileApp.Value> pairs = new ArrayList<>();
            section.entries(key).forEach((name, scalar) -> {
                if (name.isEmpty() || name.contains("=")) section.complain(key, "'" + name + "' is no name");
                pairs.add(new FileApp.Value(name + "=" + scalar.text(), scalar.place()));
            });
            return pairs;
        }
        if (option.isRepeated()) return section.values(key).stream().map(it -> new FileApp.Value(it.text(), it.place())).toList();
        return section.text(key).map(text -> List.of(new FileApp.Value(text, section.placeOf(key)))).orElse(List.of());
    }
}
