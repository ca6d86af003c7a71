package nary.fleet.transform;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What kind of file it is. */
public enum Format {
    XML(List.of(".xml", ".config", ".xsl", ".xslt", ".csproj", ".props", ".targets", ".nuspec", ".xhtml", ".svg")),
    JSON(List.of(".json", ".jsonc")),
    YAML(List.of(".yml", ".yaml")),
    PROPERTIES(List.of(".properties")),
    ENV(List.of(".env")),
    INI(List.of(".ini", ".cfg"));

    private final List<String> endings;

    Format(List<String> endings) {
        this.endings = endings;
    }

    /** By the word for it, as in {@code --format}. */
    public static Optional<Format> named(String word) {
        for (Format format : values()) if (format.word().equals(word)) return Optional.of(format);
        return Optional.empty();
    }

    /** As in {@code --format}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By the file's name; {@code .env.dev} is one of ENV too. */
    static Optional<Format> ofName(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        for (Format format : values()) if (format.endings.stream().anyMatch(name::endsWith)) return Optional.of(format);
        return name.startsWith(".env.") ? Optional.of(ENV) : Optional.empty();
    }

    /** By its first character, for names that tell nothing. */
    static Optional<Format> ofText(String text) {
        return switch (text.isBlank() ? ' ' : text.stripLeading().charAt(0)) {
            case '<' -> Optional.of(XML);
            case '{' -> Optional.of(JSON);
            default -> Optional.empty();
        };
    }

    boolean isLines() {
        return this == PROPERTIES || this == ENV || this == INI;
    }
}
