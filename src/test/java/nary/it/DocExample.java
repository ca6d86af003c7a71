package nary.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program in a page of the documentation: a fenced block whose language is followed by a file name. Its first comment is the command that
 * runs it.
 *
 * @param page below {@code docs}
 */
record DocExample(String page, String language, String file, String text) {
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+) (\\S+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("^(?://|#) (.*\\bnary start .*)$", Pattern.MULTILINE);
    private static final String PORT = "8080";

    static List<DocExample> of(String page) throws IOException {
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs", page)));
        return blocks.results().map(it -> new DocExample(page, it.group(1), it.group(2), it.group(3))).toList();
    }

    static DocExample of(String page, String file) throws IOException {
        return of(page).stream().filter(it -> it.file().equals(file)).findFirst().orElseThrow();
    }

    boolean hasPort() {
        return text.contains(PORT);
    }

    /** Runs its command in the site, with the site's port, and expects that it is done. @param changes words of the command and what they become */
    void start(Site site, Map<String, String> changes) throws IOException, InterruptedException {
        Path program = Files.writeString(site.directory().resolve(file), text.replace(PORT, "" + site.port()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Distribution.hand(program);
        site.export("PATH", tools(site) + ":/usr/bin:/bin");
        site.export("CGO_ENABLED", "0");
        site.export("NODE_PATH", Distribution.get().built("keepalive/node_modules").toString());
        if (!Distribution.isOrdinary()) site.export("GOCACHE", Path.of(System.getProperty("user.home"), ".cache/go-build").toString());
        String command = command();
        for (var change : changes.entrySet()) command = command.replace(change.getKey(), change.getValue());
        Ran ran = site.shell(command);
        assertThat(ran.exit()).as("%s: %s", this, ran).isZero();
    }

    /** What the command needs and a user has in the PATH. */
    private static Path tools(Site site) throws IOException {
        Path folder = site.folder("bin");
        Files.createSymbolicLink(folder.resolve("nary"), site.launcher());
        Files.createSymbolicLink(folder.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java"));
        return folder;
    }

    private String command() {
        Matcher command = COMMAND.matcher(text);
        if (!command.find()) throw new AssertionError(this + " does not say how it is started");
        return command.group(1);
    }

    @Override
    public String toString() {
        return page + " " + file;
    }
}
