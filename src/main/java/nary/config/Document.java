package nary.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration file in YAML or JSON, read with the place of everything in it.
 *
 * <p>How it is meant to be used: take what is wanted from {@link #root} by its typed accessors, say {@link Section#end} to each section when
 * all its keys were asked for, and {@link Problems#orThrow} before anything is done with it. Accessors do not throw: what is wrong becomes a
 * problem, and the answer is as if the key were not there. So the user sees all that is wrong at once.
 */
public final class Document {
    private static final int MOST_BYTES = 1 << 20;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Section root;
    private final Problems problems;

    private Document(Section root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    /**
     * @param file is read
     * @param name of the file in messages: as the user typed it
     * @throws ConfigException if it is no YAML and no JSON
     * @throws IOException if it cannot be read
     */
    public static Document read(Path file, String name) throws ConfigException, IOException {
        if (Files.isDirectory(file)) throw new IOException(name + " is a directory");
        if (Files.size(file) > MOST_BYTES) throw new IOException(name + " has more than " + MOST_BYTES + " bytes");
        try {
            return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString(), name);
        } catch (CharacterCodingException e) {
            throw new ConfigException(new Place(name, 1, 1), "this file is not UTF-8");
        }
    }

    /** @param name of the file in messages; @throws ConfigException if it is no YAML and no JSON, or no group of keys */
    public static Document parse(String text, String name) throws ConfigException {
        Problems problems = new Problems();
        String bare = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        Tree tree = Yaml.read(name, bare, problems);
        if (tree instanceof Tree.Keys keys) return new Document(new Section(keys, "", problems), problems);
        if (tree instanceof Tree.Scalar nothing && nothing.isNothing()) return new Document(new Section(new Tree.Keys(tree.place(), java.util.List.of()), "", problems), problems);
        throw new ConfigException(tree.place(), "a file of keys is wanted, 'key: value', and this is " + tree.what());
    }

    /** The keys of the file itself. */
    public Section root() {
        return root;
    }

    public Problems problems() {
        return problems;
    }
}
