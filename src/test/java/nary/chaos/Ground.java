package nary.chaos;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** Where it all takes place: a directory, a port, and a mark by which every process that comes of it is known. */
final class Ground {
    private static final String MARK = "NARY_CHAOS";

    private final Path launcher;
    private final Path server;
    private final List<String> prefix;
    private final Path directory;
    private final String token = UUID.randomUUID().toString();
    private final int port;
    private int commands;

    /**
     * @param server the built src/test/apps/chaos
     * @param prefix words before each command
     * @param directory empty; of the user that the prefix chooses
     */
    Ground(Path launcher, Path server, List<String> prefix, Path directory) throws IOException {
        this.launcher = launcher;
        this.server = server;
        this.prefix = List.copyOf(prefix);
        this.directory = directory;
        this.port = freePort();
    }

    int port() {
        return port;
    }

    Path server() {
        return server;
    }

    Path directory() {
        return directory;
    }

    /** A new folder, of the user that runs nary. */
    Path folder(String name) throws IOException, InterruptedException {
        Path folder = directory.resolve(name);
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of("mkdir", folder.toString()));
        int exit = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (exit != 0) throw new IOException("mkdir " + folder + " ended with " + exit);
        return folder;
    }

    Command nary(Path in, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(launcher.toString());
        command.addAll(words);
        Path output;
        synchronized (this) {
            output = directory.resolve("command-" + ++commands);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectOutput(Path.of(output + ".out").toFile())
                .redirectError(Path.of(output + ".err").toFile());
        builder.environment().put(MARK, token);
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        builder.environment().put("PWD", in.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        return new Command(words, process, output, System.nanoTime());
    }

    /** Pids of all that was started here and still lives, zombies excepted: they have no environment. */
    Set<Long> processes() throws IOException {
        Set<Long> marked = new TreeSet<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(this::isMarked)
                    .forEach(entry -> marked.add(Long.parseLong(entry.getFileName().toString())));
        }
        return marked;
    }

    private boolean isMarked(Path process) {
        try {
            byte[] environment = Files.readAllBytes(process.resolve("environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(MARK + "=" + token);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Ends what is left. */
    void kill() {
        try {
            for (long pid : processes()) ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        } catch (IOException e) {
            System.err.println("chaos: processes may be left: " + e.getMessage());
        }
    }

    void delete() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
