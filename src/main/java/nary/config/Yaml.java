package nary.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** YAML or JSON text to a {@link Tree}. The only class that knows the parser, which is loaded when a file is read and not before. */
final class Yaml {
    private static final int MOST_VALUES = 20_000;
    private static final int DEEPEST = 32;
    private static final String MERGE = "<<";

    private final String file;
    private final Problems problems;
    private int values;

    private Yaml(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** @throws ConfigException if it is no YAML; keys that stand twice are problems, and the first one counts */
    static Tree read(String file, String text, Problems problems) throws ConfigException {
        LoadSettings settings = LoadSettings.builder().setLabel(file).setParseComments(false).setAllowNonScalarKeys(true).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) return new Tree.Keys(new Place(file, 1, 1), List.of());
            return new Yaml(file, problems).tree(root.get(), 0);
        } catch (MarkedYamlEngineException e) {
            throw new ConfigException(place(file, e.getProblemMark().or(e::getContextMark)), words(e));
        } catch (ReaderException e) {
            throw new ConfigException(placeOf(file, text, e.getPosition()), "a character that no YAML file may have (code " + Integer.toHexString(e.getCodePoint()) + ")");
        } catch (YamlEngineException e) {
            throw new ConfigException(new Place(file, 1, 1), "this is no YAML: " + firstLine(String.valueOf(e.getMessage())));
        }
    }

    private static Place place(String file, Optional<Mark> mark) {
        return mark.map(it -> new Place(file, it.getLine() + 1, it.getColumn() + 1)).orElse(new Place(file, 1, 1));
    }

    private static Place placeOf(String file, String text, int position) {
        String before = text.substring(0, Math.clamp(position, 0, text.length()));
        int lines = (int) before.chars().filter(it -> it == '\n').count();
        return new Place(file, lines + 1, before.length() - before.lastIndexOf('\n'));
    }

    /** The parser's own words, those that people trip over most in ours. */
    private static String words(MarkedYamlEngineException e) {
        String problem = firstLine(String.valueOf(e.getProblem()));
        if (problem.contains("TAB")) return "a tab where only spaces may stand: indent with spaces";
        if (problem.contains("mapping values are not allowed")) return "a ':' that belongs to no key here: quote the text, or check the indentation";
        String context = String.valueOf(e.getContext());
        boolean isSecond = problem.contains("but found another document");
        if (isSecond) return "a second document begins here: use one file for each";
        String where = e.getContextMark().map(it -> " " + context + " that begins in line " + (it.getLine() + 1)).orElse("");
        return "this is no YAML: " + problem + where;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").strip();
    }

    private Tree tree(Node node, int depth) throws ConfigException {
        Place place = place(file, node.getStartMark());
        if (depth > DEEPEST) throw new ConfigException(place, "nested deeper than " + DEEPEST);
        if (++values > MOST_VALUES) throw new ConfigException(place, "more than " + MOST_VALUES + " values");
        return switch (node) {
            case ScalarNode scalar -> new Tree.Scalar(place, scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN);
            case SequenceNode sequence -> items(place, sequence, depth);
            case MappingNode mapping -> new Tree.Keys(place, keys(mapping, depth));
            default -> throw new ConfigException(place, "this is neither a value nor a list nor a group of keys");
        };
    }

    private Tree items(Place place, SequenceNode sequence, int depth) throws ConfigException {
        List<Tree> all = new ArrayList<>();
        for (Node each : sequence.getValue()) all.add(tree(each, depth + 1));
        return new Tree.Items(place, all);
    }

    /** What is merged with {@code <<} counts where the key itself is not there. */
    private List<Tree.Key> keys(MappingNode mapping, int depth) throws ConfigException {
        Map<String, Tree.Key> own = new LinkedHashMap<>();
        List<Node> merged = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Place place = place(file, tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) throw new ConfigException(place, "a key is a word, and this is none");
            if (name.getValue().equals(MERGE)) {
                merged.add(tuple.getValueNode());
                continue;
            }
            Tree.Key first = own.get(name.getValue());
            if (first != null) problems.add(place, "the key '" + name.getValue() + "' is there twice, first in line " + first.place().line());
            else own.put(name.getValue(), new Tree.Key(place, name.getValue(), tree(tuple.getValueNode(), depth + 1)));
        }
        for (Node each : merged) merge(each, own, depth);
        return List.copyOf(own.values());
    }

    private void merge(Node from, Map<String, Tree.Key> into, int depth) throws ConfigException {
        Place place = place(file, from.getStartMark());
        if (depth > DEEPEST) throw new ConfigException(place, "nested deeper than " + DEEPEST);
        switch (from) {
            case MappingNode mapping -> keys(mapping, depth + 1).forEach(key -> into.putIfAbsent(key.name(), key));
            case SequenceNode several -> {
                for (Node each : several.getValue()) merge(each, into, depth + 1);
            }
            default -> problems.add(place, "<< merges a group of keys: <<: *name");
        }
    }
}
