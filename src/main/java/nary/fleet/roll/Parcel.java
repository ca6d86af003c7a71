package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nary.control.Fields;
import nary.control.Json;
import nary.fleet.spec.Names;
import nary.fleet.spec.Target;
import nary.fleet.ssh.Tree;

/**
 * A package as it goes to servers: unpacked into the run's folder, its configuration transformed for the environment, with a note of what it
 * is. What was packed stays the same however often it is sent.
 *
 * @param folder of this machine
 * @param hash of all that is in it, without the note
 * @param tree the folder, read once for all servers
 */
record Parcel(Path folder, String hash, Tree tree) {
    /** Says what a release is; the last thing that is known of it here and the first that is asked for there. */
    static final String NOTE = ".nary-release";

    private static final Duration UNPACK_LIMIT = Duration.ofMinutes(10);

    /** @param into a folder of the run; made */
    static Parcel pack(Target target, String release, Path into, Transformer transformer, Operator operator) throws IOException, InterruptedException {
        Path source = target.source().orElseThrow();
        if (Files.notExists(source)) throw new IOException(target.build() + ": there is no package " + source);
        Path folder = into.resolve(Names.slug(target.build()));
        Trees.delete(folder);
        Files.createDirectories(folder);
        unpack(source, folder);
        transformer.transform(folder, target.environment(), target.parameters());
        if (target.parameters().isPresent()) addParameters(target.parameters().get(), folder);
        String hash = Trees.hash(folder);
        Map<String, Object> note = Map.of("release", release, "build", target.build(), "environment", target.environment(), "hash", hash, "by", operator.name());
        Files.writeString(folder.resolve(NOTE), Json.write(new java.util.TreeMap<>(note)) + "\n");
        return new Parcel(folder, hash, Tree.of(folder));
    }

    /** What an earlier process of the run has packed. */
    static Optional<Parcel> packed(Target target, Path in) throws IOException {
        Path folder = in.resolve(Names.slug(target.build()));
        Path note = folder.resolve(NOTE);
        if (Files.notExists(note)) return Optional.empty();
        return Optional.of(new Parcel(folder, Fields.parse(Files.readString(note).strip()).text("hash"), Tree.of(folder)));
    }

    private static void addParameters(Path file, Path folder) throws IOException {
        if (Files.notExists(file)) throw new IOException("there is no file of parameters " + file);
        Path to = folder.resolve(file.getFileName());
        if (Files.notExists(to, LinkOption.NOFOLLOW_LINKS)) Files.copy(file, to);
    }

    private static void unpack(Path source, Path folder) throws IOException, InterruptedException {
        String name = source.getFileName().toString();
        if (Files.isDirectory(source)) Trees.copy(source, folder);
        else if (name.endsWith(".jar")) Files.copy(source, folder.resolve(name));
        else if (name.endsWith(".zip")) Zip.unpack(source, folder);
        else if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) run(List.of("tar", "-xzf", source.toString(), "-C", folder.toString()), source);
        else throw new IOException(source + " is no package: a folder, .tar.gz, .tgz, .zip or .jar is one");
        if (entries(folder).isEmpty()) throw new IOException(source + " is empty");
        if (!Files.isDirectory(source)) lift(folder);
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private static void run(List<String> command, Path source) throws IOException, InterruptedException {
        Locally.Result result = Locally.run(command, Path.of("/"), Map.of(), UNPACK_LIMIT, _ -> {});
        if (result.exit() != 0) throw new IOException(source + " cannot be unpacked: " + result.lastLine());
    }

    /** An archive that holds one folder and nothing else means what is in it. */
    private static void lift(Path folder) throws IOException {
        List<Path> all = entries(folder);
        if (all.size() != 1 || !Files.isDirectory(all.getFirst(), LinkOption.NOFOLLOW_LINKS)) return;
        Path aside = folder.resolveSibling(folder.getFileName() + ".lifted");
        Trees.delete(aside);
        Files.move(all.getFirst(), aside);
        Files.delete(folder);
        Files.move(aside, folder);
    }
}
