package nary.fleet.transform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file as text, with what it takes to write it again byte for byte: its byte order mark and its encoding. */
final class SourceFile {
    private static final Pattern DECLARED = Pattern.compile("^<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([A-Za-z0-9._:-]+)[\"']");
    private static final int DECLARATION = 200;

    private final String name;
    private final byte[] mark;
    private final Charset charset;
    private final Format format;
    private final String text;

    private SourceFile(String name, byte[] mark, Charset charset, Format format, String text) {
        this.name = name;
        this.mark = mark;
        this.charset = charset;
        this.format = format;
        this.text = text;
    }

    private record Encoding(byte[] mark, Charset charset) {}

    /** @param name for messages */
    static SourceFile read(Path path, String name, Format format) throws IOException, TransformException {
        if (Files.isDirectory(path)) throw new TransformException(Place.whole(name), "is a folder, not a file");
        return of(Files.readAllBytes(path), name, format);
    }

    static SourceFile of(byte[] bytes, String name, Format format) throws TransformException {
        Encoding encoding = encoding(bytes, name, format);
        try {
            return decoded(bytes, name, encoding, format);
        } catch (CharacterCodingException e) {
            // every byte is a character of this one, so those that are not changed stay as they are
            if (format.isLines() && encoding.mark().length == 0) return latin1(bytes, name, format);
            throw new TransformException(Place.whole(name), "is not " + encoding.charset() + ": byte " + wrongByte(bytes, encoding) + " is no character of it");
        }
    }

    /** The same file with another text. */
    SourceFile with(String changed) {
        return new SourceFile(name, mark, charset, format, changed);
    }

    private static SourceFile decoded(byte[] bytes, String name, Encoding encoding, Format format) throws CharacterCodingException, TransformException {
        int from = encoding.mark().length;
        var text = new String(bytes, from, bytes.length - from, encoding.charset());
        var file = new SourceFile(name, encoding.mark(), encoding.charset(), format, text);
        byte[] again = text.getBytes(encoding.charset());
        if (Arrays.equals(again, 0, again.length, bytes, from, bytes.length)) return file;
        encoding.charset().newDecoder().decode(ByteBuffer.wrap(bytes, from, bytes.length - from));
        throw new TransformException(Place.whole(name), encoding.charset() + " cannot be kept byte for byte; convert the file to UTF-8");
    }

    private static SourceFile latin1(byte[] bytes, String name, Format format) {
        return new SourceFile(name, new byte[0], StandardCharsets.ISO_8859_1, format, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static int wrongByte(byte[] bytes, Encoding encoding) {
        var in = ByteBuffer.wrap(bytes, encoding.mark().length, bytes.length - encoding.mark().length);
        var out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = encoding.charset().newDecoder().decode(in, out, true);
        return result.isError() ? in.position() : bytes.length;
    }

    private static Encoding encoding(byte[] bytes, String name, Format format) throws TransformException {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) return new Encoding(Arrays.copyOf(bytes, 3), StandardCharsets.UTF_8);
        if (startsWith(bytes, 0xFF, 0xFE)) return new Encoding(Arrays.copyOf(bytes, 2), StandardCharsets.UTF_16LE);
        if (startsWith(bytes, 0xFE, 0xFF)) return new Encoding(Arrays.copyOf(bytes, 2), StandardCharsets.UTF_16BE);
        if (format == Format.XML && startsWith(bytes, '<', 0)) return new Encoding(new byte[0], StandardCharsets.UTF_16LE);
        if (format == Format.XML && startsWith(bytes, 0, '<')) return new Encoding(new byte[0], StandardCharsets.UTF_16BE);
        return new Encoding(new byte[0], format == Format.XML ? declared(bytes, name) : StandardCharsets.UTF_8);
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        if (bytes.length < start.length) return false;
        for (int i = 0; i < start.length; i++) if ((bytes[i] & 0xFF) != start[i]) return false;
        return true;
    }

    private static Charset declared(byte[] bytes, String name) throws TransformException {
        Matcher matcher = DECLARED.matcher(new String(bytes, 0, Math.min(bytes.length, DECLARATION), StandardCharsets.ISO_8859_1));
        if (!matcher.find()) return StandardCharsets.UTF_8;
        String declared = matcher.group(1);
        var place = new Place(name, 1, matcher.start(1) + 1);
        if (declared.toUpperCase(java.util.Locale.ROOT).matches("UTF-?(16|32).*")) throw new TransformException(place, "says it is " + declared + ", but it is not");
        try {
            return Charset.forName(declared);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new TransformException(place, "the encoding " + declared + " is not known");
        }
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    Format format() {
        return format;
    }

    /** As its lines end: the first one decides. */
    String newline() {
        int at = text.indexOf('\n');
        return at > 0 && text.charAt(at - 1) == '\r' ? "\r\n" : "\n";
    }

    Place place(int offset) {
        int line = 1;
        int start = 0;
        for (int i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
            line++;
            start = i + 1;
        }
        return new Place(name, line, text.codePointCount(start, offset) + 1);
    }

    /** Of a place that a parser tells. */
    Place place(int line, int column) {
        return new Place(name, line, Math.max(column, 1));
    }

    /** @throws TransformException if the encoding has no form for a character */
    byte[] encoded() throws TransformException {
        try {
            return bytes();
        } catch (CharacterCodingException e) {
            int at = unmappable();
            throw new TransformException(place(at), "%s has no character U+%04X; convert the source to UTF-8".formatted(charset, text.codePointAt(at)));
        }
    }

    private int unmappable() {
        var encoder = charset.newEncoder();
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i)))
            if (!encoder.canEncode(text.substring(i, i + Character.charCount(text.codePointAt(i))))) return i;
        return 0;
    }

    private byte[] bytes() throws CharacterCodingException {
        // with question marks for what the encoding does not have
        byte[] encoded = text.getBytes(charset);
        if (!new String(encoded, charset).equals(text)) throw new CharacterCodingException();
        if (mark.length == 0) return encoded;
        byte[] all = Arrays.copyOf(mark, mark.length + encoded.length);
        System.arraycopy(encoded, 0, all, mark.length, encoded.length);
        return all;
    }

    /** For XML: what the encoding cannot hold becomes a character reference. */
    String fitting(String inserted) {
        var encoder = charset.newEncoder();
        if (encoder.canEncode(inserted)) return inserted;
        var fitting = new StringBuilder();
        inserted.codePoints().forEach(each -> {
            String character = Character.toString(each);
            fitting.append(encoder.canEncode(character) ? character : "&#x" + Integer.toHexString(each).toUpperCase(java.util.Locale.ROOT) + ";");
        });
        return fitting.toString();
    }

    /** For .properties: what the encoding cannot hold becomes an escape. Other formats have none. */
    String fittingProperty(String inserted) {
        var encoder = charset.newEncoder();
        if (format != Format.PROPERTIES || encoder.canEncode(inserted)) return inserted;
        var fitting = new StringBuilder();
        for (char each : inserted.toCharArray()) fitting.append(encoder.canEncode(each) ? String.valueOf(each) : "\\u%04X".formatted((int) each));
        return fitting.toString();
    }
}
