package nary.fleet.transform;

import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The way from a source, through its transforms one after the other, to the result. Nothing is written here. */
public final class Transformation {
    private final Findings findings;
    private final Variables variables;
    private final List<SourceFile> origins = new ArrayList<>();
    private final Optional<Format> asked;

    private Transformation(Request request) {
        this.findings = new Findings(request.isStrict());
        this.variables = request.variables();
        this.asked = request.format();
    }

    /** A file to read. @param name for messages, as it was typed */
    public record Input(Path path, String name) {}

    /**
     * @param transforms one after the other; none: only variables are filled in
     * @param format of the source; empty: told by its name, or its first character
     * @param isStrict what has no effect is an error, not a warning
     */
    public record Request(Input source, List<Input> transforms, Optional<Format> format, Variables variables, boolean isStrict) {}

    /** @throws IOException if a file cannot be read */
    public static Outcome run(Request request) throws IOException {
        return new Transformation(request).outcome(request);
    }

    private Outcome outcome(Request request) throws IOException {
        try {
            SourceFile source = read(request.source(), asked);
            SourceFile result = changed(source, request.transforms());
            byte[] bytes = filled(result, false, findings).encoded();
            String shown = filled(result, true, new Findings(false)).text();
            if (!findings.hasErrors()) return new Outcome.Done(bytes, new FileDiff(source.text(), shown), findings.all());
        } catch (TransformException e) {
            findings.add(e.finding());
        }
        return new Outcome.Failed(findings.all());
    }

    private SourceFile read(Input input, Optional<Format> format) throws IOException, TransformException {
        Optional<Format> known = format.or(() -> Format.ofName(String.valueOf(input.path().getFileName())));
        SourceFile file = SourceFile.read(input.path(), input.name(), known.orElse(Format.XML));
        if (known.isEmpty()) {
            Format found = Format.ofText(file.text())
                    .orElseThrow(() -> new TransformException(Place.whole(input.name()), "what format is it? Say --format xml, json, yaml, properties, env or ini"));
            file = SourceFile.read(input.path(), input.name(), found);
        }
        origins.add(file);
        return file;
    }

    private SourceFile changed(SourceFile source, List<Input> transforms) throws IOException, TransformException {
        if (source.format() == Format.XML) return changedXml(source, transforms);
        if (transforms.isEmpty()) check(source);
        SourceFile result = source;
        for (Input input : transforms) {
            boolean isPatchInJson = source.format() == Format.YAML && Format.ofName(input.name()).equals(Optional.of(Format.JSON));
            SourceFile transform = read(input, Optional.of(isPatchInJson ? Format.JSON : source.format()));
            result = source.format().isLines() ? Overlay.apply(result, transform, findings) : patched(result, transform);
        }
        return result;
    }

    /** That it is what its name says, where nothing else would read it. */
    private static void check(SourceFile source) throws TransformException {
        switch (source.format()) {
            case XML -> XmlDocument.parse(source);
            case JSON -> JsonText.read(source);
            case YAML -> YamlText.scalars(source);
            case PROPERTIES, ENV, INI -> KeyLines.of(source);
        }
    }

    /** Read once, however many transforms there are. */
    private SourceFile changedXml(SourceFile source, List<Input> transforms) throws IOException, TransformException {
        XmlDocument document = XmlDocument.parse(source);
        for (Input input : transforms) {
            XmlDocument transform = XmlDocument.parse(read(input, Optional.of(Format.XML)));
            if (Xdt.isTransform(transform)) Xdt.apply(document, transform, findings);
            else document = transform;
        }
        return document.file().with(document.print());
    }

    private SourceFile patched(SourceFile source, SourceFile patch) throws TransformException {
        boolean isYaml = source.format() == Format.YAML;
        Datum old = datum(source);
        JsonValue result = TreePatch.apply(old.value(), patch, datum(patch), findings);
        SourceFile changed = source.with(TreeText.changed(source.text(), TreeStyle.of(source, old, isYaml), old, result));
        if (!datum(changed).value().equals(result))
            throw new TransformException(Place.whole(patch.name()), "it changes a part of " + source.name() + " that an anchor shares with another part: write that part out first");
        return changed;
    }

    private static Datum datum(SourceFile file) throws TransformException {
        return file.format() == Format.YAML ? YamlText.read(file) : JsonText.read(file);
    }

    private SourceFile filled(SourceFile result, boolean isMasked, Findings to) throws TransformException {
        return Filling.fill(result, new Placeholders(variables, isMasked, to, origins));
    }
}
