package nary.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where every daemon of the user listens once more, under its pid: {@code $XDG_RUNTIME_DIR/nary} or {@code /tmp/nary-UID}. So all are
 * found, also one whose own control socket was deleted with the directory it lay in.
 */
public final class Registry {
    private final List<Path> folders;

    private Registry(List<Path> folders) {
        this.folders = folders;
    }

    public static Registry of(Map<String, String> environment) throws IOException {
        int uid = ControlPath.uid();
        Set<Path> folders = new LinkedHashSet<>();
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (runtime.startsWith("/") && Files.isWritable(Path.of(runtime))) folders.add(Path.of(runtime, "nary"));
        folders.add(Path.of("/tmp/nary-" + uid));
        folders.add(Path.of("/run/user/" + uid, "nary"));
        return new Registry(List.copyOf(folders));
    }

    /** The path where a daemon listens; its folder is made. */
    Path socketFor(long pid) throws IOException {
        Path folder = folders.getFirst();
        if (!ControlPath.exists(folder))
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!isOurs(folder)) throw new IOException(folder + " is not a private directory of this user; this daemon will not be listed");
        return folder.resolve(pid + ".ipc");
    }

    /** A directory, no link, of this user, closed to others. */
    private static boolean isOurs(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && ControlPath.ownerOfLink(folder) == ControlPath.uid()
                && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)).endsWith("------");
    }

    /** Connections to all daemons that live; sockets of dead ones are removed. The caller closes them. */
    public List<Client> connectAll() throws IOException {
        List<Client> clients = new ArrayList<>();
        for (Path folder : folders)
            if (ControlPath.exists(folder) && isOurs(folder)) for (Path socket : sockets(folder)) connect(socket).ifPresent(clients::add);
        return clients;
    }

    /** The daemon whose control socket has (or had) this path. */
    public @Nullable Client find(Path ipc) throws IOException {
        Client found = null;
        for (Client client : connectAll()) {
            if (found == null && client.hello().ipc().equals(ipc.toString())) found = client;
            else client.close();
        }
        return found;
    }

    private static List<Path> sockets(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+\\.ipc")).sorted().toList();
        }
    }

    private static Optional<Client> connect(Path socket) throws IOException {
        try {
            return Optional.of(Client.connect(socket));
        } catch (NoDaemon dead) {
            String name = socket.getFileName().toString();
            boolean isGone = !Files.exists(Path.of("/proc", name.substring(0, name.indexOf('.'))));
            if (isGone) Files.deleteIfExists(socket);
            return Optional.empty();
        }
    }
}
