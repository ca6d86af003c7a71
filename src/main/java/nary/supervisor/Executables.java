package nary.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import nary.config.Release;
import nary.posix.Errno;
import nary.posix.OsException;

/** Finds a program as execvp(3) would: a word with a slash in the directory, another one in PATH. */
final class Executables {
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private Executables() {}

    static String find(Release release) throws OsException {
        String word = release.command().getFirst();
        Path directory = Path.of(release.physical());
        if (!Files.isDirectory(directory)) throw new OsException("chdir", Errno.ENOENT.number(), release.physical());
        if (word.contains("/")) return usable(directory.resolve(word), word).toString();
        for (String folder : release.environment().getOrDefault("PATH", DEFAULT_PATH).split(":")) {
            Path candidate = directory.resolve(folder.isEmpty() ? "." : folder).resolve(word);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) return candidate.toString();
        }
        throw new OsException("exec", Errno.ENOENT.number(), word + " (not found in PATH)");
    }

    private static Path usable(Path path, String word) throws OsException {
        if (!Files.exists(path)) throw new OsException("exec", Errno.ENOENT.number(), word);
        if (Files.isDirectory(path) || !Files.isExecutable(path)) throw new OsException("exec", Errno.EACCES.number(), word);
        return path;
    }
}
