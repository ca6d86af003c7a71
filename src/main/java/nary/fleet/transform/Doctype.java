package nary.fleet.transform;

/** A document type declaration: never read, and refused where it declares things itself. */
final class Doctype {
    private Doctype() {}

    /** The text with spaces where its declaration stands, so that no parser sees it and every place stays the same. */
    static String blanked(SourceFile file) throws TransformException {
        String text = file.text();
        Markup markup = Markup.of(text);
        while (markup.next()) {
            switch (markup.kind()) {
                case DOCTYPE -> {
                    return blanked(file, markup);
                }
                case TEXT, COMMENT, INSTRUCTION -> {}
                case OPEN, EMPTY, CLOSE, CDATA -> {
                    return text;
                }
            }
        }
        return text;
    }

    private static String blanked(SourceFile file, Markup markup) throws TransformException {
        String declaration = markup.piece();
        boolean isPlain = declaration.startsWith("<!DOCTYPE") && declaration.endsWith(">") && declaration.indexOf('[') < 0 && declaration.indexOf('<', 1) < 0;
        if (!isPlain) throw new TransformException(file.place(markup.start()), "a document type with declarations of its own is refused, for it could read other files: remove it");
        String blank = declaration.replaceAll("[^\r\n]", " ");
        return file.text().substring(0, markup.start()) + blank + file.text().substring(markup.end());
    }
}
