package nary.config;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.PatternSyntaxException;

/**
 * Names of files below a directory: {@code *.js} in any folder, {@code src/*.js} in that one, {@code src/**} at any depth below it. The
 * rest is as in {@link java.nio.file.FileSystem#getPathMatcher}.
 *
 * @param text as typed
 */
public record Glob(String text) {
    /** @throws IllegalArgumentException saying what to type instead */
    public static Glob parse(String text) {
        if (text.startsWith("/") || text.startsWith("..")) throw new IllegalArgumentException("'" + text + "' is not below the app's directory; use e.g. *.js or 'src/**'");
        Glob glob = new Glob(text);
        glob.matcher();
        return glob;
    }

    /** @return true for paths relative to the directory that are meant */
    public PathMatcher matcher() {
        PathMatcher whole = compile(text);
        if (!text.contains("/")) return path -> whole.matches(path.getFileName());
        if (!text.startsWith("**/")) return whole;
        // it means the files of the directory itself too
        PathMatcher top = compile(text.substring("**/".length()));
        return path -> whole.matches(path) || top.matches(path);
    }

    private static PathMatcher compile(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + pattern + "' is no pattern: " + e.getDescription() + "; use e.g. *.js or 'src/**'", e);
        }
    }

    /** @param path relative */
    public boolean matches(Path path) {
        return matcher().matches(path);
    }
}
