package nary.fleet.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nary.fleet.ssh.Tree;

/**
 * nary with a runtime of its own, in one folder that runs on a machine without a JDK: {@code nary} (the launcher), {@code app}, {@code runtime}.
 *
 * @param key of its contents: the same parts, the same key
 * @param folder where it is here
 * @param architecture as {@code uname -m} says it
 */
public record RuntimeImage(String key, Path folder, String architecture) {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<String> APP = List.of("nary.jar", "lib", "node-drain.cjs");
    private static final int KEY_LENGTH = 16;

    /**
     * What it is made of.
     *
     * @param java home of the Java that runs, with jlink, or an image's own
     * @param app has nary.jar and what belongs to it
     * @param cache where images are kept, each in a folder named by its key
     */
    public record Parts(Path java, Path launcher, Path app, Path cache) {}

    /** @throws IOException if it cannot be made; says what is missing */
    public static RuntimeImage of(Parts parts) throws IOException, InterruptedException {
        String key = key(parts);
        Path folder = parts.cache().resolve(key);
        if (!Files.isDirectory(folder)) make(parts, folder);
        return new RuntimeImage(key, folder, ownArchitecture());
    }

    private static String ownArchitecture() {
        String name = System.getProperty("os.arch", "");
        return name.equals("amd64") ? "x86_64" : name;
    }

    private static String key(Parts parts) throws IOException {
        var text = new StringBuilder(Files.readString(parts.java().resolve("release"))).append(ownArchitecture());
        text.append(Tree.of(parts.launcher()).entries());
        for (String name : APP) text.append(Tree.of(parts.app().resolve(name)).entries());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, KEY_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Under another name first: what has its name is complete. */
    private static void make(Parts parts, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(parts.cache());
        Path begun = Files.createTempDirectory(parts.cache(), "begun-");
        try {
            copy(parts.launcher().toRealPath(), begun.resolve("nary"));
            for (String name : APP) copy(parts.app().resolve(name), begun.resolve("app").resolve(name));
            runtime(parts, begun.resolve("runtime"));
            Files.setPosixFilePermissions(begun, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(begun, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            // another has made the same at the same time
        } finally {
            delete(begun);
        }
    }

    private static void runtime(Parts parts, Path to) throws IOException, InterruptedException {
        Path jlink = parts.java().resolve("bin/jlink");
        boolean isImage = parts.java().endsWith("runtime") && Files.isDirectory(parts.java().resolveSibling("app"));
        if (isImage) {
            copy(parts.java(), to);
            return;
        }
        if (!Files.isExecutable(jlink)) throw new IOException("there is no " + jlink + ": the servers' runtime is made by a JDK; set JAVA_HOME to one of version 25 or newer");
        String modules = run(List.of(parts.java().resolve("bin/jdeps").toString(), "--ignore-missing-deps", "--multi-release", "25", "--print-module-deps"), jars(parts));
        run(List.of(jlink.toString(), "--add-modules", modules, "--strip-debug", "--no-header-files", "--no-man-pages", "--compress", "zip-6", "--output", to.toString()), List.of());
    }

    private static List<String> jars(Parts parts) throws IOException {
        List<String> jars = new ArrayList<>(List.of(parts.app().resolve("nary.jar").toString()));
        try (Stream<Path> lib = Files.list(parts.app().resolve("lib"))) {
            lib.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted().forEach(jars::add);
        }
        return jars;
    }

    /** What it prints, without white space around it. */
    private static String run(List<String> command, List<String> more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.addAll(more);
        Path said = Files.createTempFile("nary-jlink-", ".out");
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
            try {
                if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) throw new IOException(words.getFirst() + " did not end within " + LIMIT.toMinutes() + " minutes");
            } finally {
                process.destroyForcibly();
            }
            String text = Files.readString(said).strip();
            if (process.exitValue() != 0) throw new IOException(words.getFirst() + " failed: " + text.lines().reduce((_, line) -> line).orElse("without a word"));
            return text.lines().reduce((_, line) -> line).orElse("");
        } finally {
            Files.deleteIfExists(said);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) Files.createDirectories(target);
                else Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
