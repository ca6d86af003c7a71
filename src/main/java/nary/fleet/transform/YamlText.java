package nary.fleet.transform;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads one document of YAML, with the places of its values. */
final class YamlText {
    private static final int MOST_DEPTH = 200;
    private static final long MOST_VALUES = 1_000_000;

    private final SourceFile file;
    private final String text;
    private final Iterator<Event> events;
    private final Map<Anchor, Datum> anchors = new HashMap<>();
    private long values;

    private YamlText(SourceFile file, String text, Iterator<Event> events) {
        this.file = file;
        this.text = text;
        this.events = events;
    }

    /** A word or a text, key or value. */
    record Scalar(int start, int end, ScalarStyle style) {}

    private interface Reading<T> {
        T of(YamlText text) throws TransformException;
    }

    static Datum read(SourceFile file) throws TransformException {
        return read(file, YamlText::document);
    }

    /** In the order of the text, in all documents. */
    static List<Scalar> scalars(SourceFile file) throws TransformException {
        return read(file, YamlText::scalars);
    }

    /** Whether a text without quotes is one word of that text to every reader. */
    static boolean isPlain(String text) {
        if (text.isBlank() || text.chars().anyMatch(c -> c < ' ' || ",[]{}".indexOf(c) >= 0)) return false;
        try {
            var file = SourceFile.of(text.getBytes(StandardCharsets.UTF_8), "", Format.YAML);
            List<Scalar> all = scalars(file);
            return all.size() == 1 && all.getFirst().start() == 0 && all.getFirst().end() == text.length() && all.getFirst().style() == ScalarStyle.PLAIN;
        } catch (TransformException e) {
            return false;
        }
    }

    private List<Scalar> scalars() {
        List<Scalar> all = new ArrayList<>();
        while (events.hasNext())
            if (events.next() instanceof ScalarEvent scalar) {
                Datum located = scalar(scalar);
                all.add(new Scalar(located.start(), located.end(), scalar.getScalarStyle()));
            }
        return all;
    }

    private static <T> T read(SourceFile file, Reading<T> reading) throws TransformException {
        String shielded = YamlPlaceholders.shielded(file.text());
        var settings = LoadSettings.builder().setLabel(file.name()).setCodePointLimit(Integer.MAX_VALUE).build();
        try {
            return reading.of(new YamlText(file, shielded, new Parse(settings).parseString(shielded).iterator()));
        } catch (MarkedYamlEngineException e) {
            Place place = e.getProblemMark().map(mark -> file.place(mark.getLine() + 1, mark.getColumn() + 1)).orElse(Place.whole(file.name()));
            throw new TransformException(place, "no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new TransformException(Place.whole(file.name()), "no YAML: " + String.valueOf(e.getMessage()).replaceAll("[\r\n].*", ""));
        }
    }

    private Datum document() throws TransformException {
        events.next();
        Event first = events.next();
        if (!(first instanceof DocumentStartEvent)) return new Datum(JsonValue.NULL, Datum.Shape.SCALAR, text.length(), text.length(), List.of());
        Datum root = value(events.next(), 0);
        events.next();
        Event next = events.next();
        if (next instanceof DocumentStartEvent) throw new TransformException(place(next), "a second document begins; only files with one can be transformed");
        return root;
    }

    private Place place(Event event) {
        return file.place(start(event));
    }

    private int start(Event event) {
        return offset(event.getStartMark());
    }

    private int end(Event event) {
        return offset(event.getEndMark());
    }

    /** The parser counts code points. */
    private int offset(Optional<Mark> mark) {
        int index = mark.orElseThrow().getIndex();
        return text.length() == text.codePointCount(0, text.length()) ? index : text.offsetByCodePoints(0, index);
    }

    private Datum value(Event event, int depth) throws TransformException {
        if (depth > MOST_DEPTH) throw new TransformException(place(event), "nested deeper than " + MOST_DEPTH);
        Datum value =
                switch (event.getEventId()) {
                    case Alias -> alias((AliasEvent) event);
                    case Scalar -> scalar((ScalarEvent) event);
                    case MappingStart -> mapping((CollectionStartEvent) event, depth);
                    case SequenceStart -> sequence((CollectionStartEvent) event, depth);
                    default -> throw new IllegalStateException(event.toString());
                };
        boolean isNamed = event instanceof NodeEvent node && !(event instanceof AliasEvent) && node.getAnchor().isPresent();
        if (isNamed) anchors.put(((NodeEvent) event).getAnchor().orElseThrow(), value);
        return value;
    }

    /** Means what its anchor does, and counts as much. */
    private Datum alias(AliasEvent event) throws TransformException {
        Datum meant = anchors.get(event.getAlias());
        if (meant == null) throw new TransformException(place(event), "there is no anchor &" + event.getAlias() + " before this");
        values += meant.size();
        if (values > MOST_VALUES) throw new TransformException(place(event), "aliases make more than " + MOST_VALUES + " values of this file");
        return new Datum(meant.value(), Datum.Shape.ALIAS, start(event), end(event), meant.entries());
    }

    private Datum scalar(ScalarEvent event) {
        int start = start(event);
        int end = end(event);
        String raw = text.substring(start, end);
        boolean isBlock = !event.isPlain() && (raw.stripLeading().startsWith("|") || raw.stripLeading().startsWith(">"));
        if (isBlock) end = blockEnd(start, raw);
        return new Datum(YamlScalars.value(event), Datum.Shape.SCALAR, start, end, List.of());
    }

    /** Without its last line break; where empty lines count ({@code |+}), with those. */
    private static int blockEnd(int start, String raw) {
        boolean keepsLines = raw.lines().findFirst().orElse("").replaceFirst("\\s#.*", "").contains("+");
        String kept = keepsLines ? raw.replaceFirst("\r?\n$", "") : raw.stripTrailing();
        return start + kept.length();
    }

    private Datum mapping(CollectionStartEvent event, int depth) throws TransformException {
        List<Datum.Entry> fields = new ArrayList<>();
        JsonObjectBuilder object = Json.createObjectBuilder();
        Set<String> names = new HashSet<>();
        Event next = events.next();
        for (; next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
            if (!(next instanceof ScalarEvent key)) throw new TransformException(place(next), "a key that is no plain word or text cannot be transformed");
            String name = YamlPlaceholders.unshielded(key.getValue());
            if (!names.add(name)) throw new TransformException(place(next), "the key '" + name + "' stands twice");
            int keyEnd = end(key);
            Datum value = value(events.next(), depth + 1);
            fields.add(new Datum.Entry(name, start(key), text.indexOf(':', keyEnd) + 1, value, comma(event, value.end())));
            object.add(name, value.value());
        }
        return container(event, next, object.build(), fields);
    }

    private Datum sequence(CollectionStartEvent event, int depth) throws TransformException {
        List<Datum.Entry> items = new ArrayList<>();
        JsonArrayBuilder array = Json.createArrayBuilder();
        int dash = event.isFlow() ? 0 : firstDash(event);
        int column = column(dash);
        Event next = events.next();
        for (; next.getEventId() != Event.ID.SequenceEnd; next = events.next()) {
            Datum value = value(next, depth + 1);
            if (!event.isFlow() && !items.isEmpty()) dash = dashAfter(items.getLast().value().end(), column);
            int start = event.isFlow() ? value.start() : dash;
            items.add(new Datum.Entry("", start, event.isFlow() ? start : dash + 1, value, comma(event, value.end())));
            array.add(value.value());
        }
        return container(event, next, array.build(), items);
    }

    /** After an anchor or a tag. */
    private int firstDash(CollectionStartEvent event) {
        int at = start(event);
        while (text.charAt(at) != '-') {
            switch (text.charAt(at)) {
                case '&', '!' -> at = wordEnd(at);
                case '#' -> at = lineEnd(at);
                default -> at++;
            }
        }
        return at;
    }

    private int wordEnd(int from) {
        int at = from;
        while (text.charAt(at) > ' ') at++;
        return at;
    }

    private int lineEnd(int from) {
        int newline = text.indexOf('\n', from);
        return newline < 0 ? text.length() : newline;
    }

    private int column(int offset) {
        return offset - (text.lastIndexOf('\n', offset - 1) + 1);
    }

    /** The next one that begins its line in this column. */
    private int dashAfter(int from, int column) {
        for (int line = lineEnd(from) + 1; line < text.length(); line = lineEnd(line) + 1) if (isDash(line, column)) return line + column;
        throw new IllegalStateException("no dash after " + from);
    }

    private boolean isDash(int line, int column) {
        int after = line + column + 1;
        return text.startsWith(" ".repeat(column) + "-", line) && (after == text.length() || text.charAt(after) <= ' ');
    }

    /** Between brackets only. That they may not be closed is found by the parser, with its next event. */
    private int comma(CollectionStartEvent event, int from) {
        if (!event.isFlow()) return -1;
        int at = from;
        while (at < text.length() && (text.charAt(at) <= ' ' || text.charAt(at) == '#')) at = text.charAt(at) == '#' ? lineEnd(at) : at + 1;
        return at < text.length() && text.charAt(at) == ',' ? at : -1;
    }

    private Datum container(CollectionStartEvent start, Event end, JsonValue value, List<Datum.Entry> entries) {
        if (start.isFlow()) return new Datum(value, Datum.Shape.FLOW, start(start), end(end), entries);
        return new Datum(value, Datum.Shape.BLOCK, start(start), entries.getLast().value().end(), entries);
    }
}
