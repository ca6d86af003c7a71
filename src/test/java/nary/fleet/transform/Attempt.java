package nary.fleet.transform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One transformation of files that a test spells out. */
final class Attempt {
    private final Path folder;
    private final List<Transformation.Input> files = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private boolean isStrict = true;

    private Attempt(Path folder) {
        this.folder = folder;
    }

    /** The first file is the source. */
    static Attempt in(Path folder) {
        return new Attempt(folder);
    }

    Attempt file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Attempt file(String name, byte[] bytes) {
        try {
            files.add(new Transformation.Input(Files.write(folder.resolve(name), bytes), name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Attempt set(String name, String value) {
        variables.put(name, value);
        return this;
    }

    Attempt lenient() {
        isStrict = false;
        return this;
    }

    Outcome outcome() {
        try {
            var request = new Transformation.Request(files.getFirst(), files.subList(1, files.size()), Optional.empty(), new Variables(variables), isStrict);
            return Transformation.run(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        return switch (outcome()) {
            case Outcome.Done done -> done.bytes();
            case Outcome.Failed failed -> throw new AssertionError("failed: " + failed.findings());
        };
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Its findings, each a line. */
    List<String> findings() {
        return outcome().findings().stream().map(Finding::toString).toList();
    }

    List<String> errors() {
        if (outcome() instanceof Outcome.Failed failed) return failed.findings().stream().filter(Finding::isError).map(Finding::toString).toList();
        throw new AssertionError("it did not fail, but made\n" + text());
    }
}
