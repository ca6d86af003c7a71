package nary.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What lies at the path of a control socket. */
public final class ControlPath {
    /** sun_path of unix(7), less its final zero. */
    public static final int MAX_BYTES = 107;

    private static final int TYPE_MASK = 0xF000;
    private static final int TYPE_SOCKET = 0xC000;

    private ControlPath() {}

    public static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    public static boolean isSocket(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & TYPE_MASK) == TYPE_SOCKET;
    }

    /** The user of this process. */
    public static int uid() throws IOException {
        return owner(Path.of("/proc/self"));
    }

    static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    static int ownerOfLink(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    static boolean isTooLong(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
    }

    static String tooLong(Path path) {
        return "the control socket's path has " + path.toString().getBytes(StandardCharsets.UTF_8).length + " bytes, Linux allows " + MAX_BYTES
                + ": choose a shorter one with --ipc-file (" + path + ")";
    }

    /** @throws Refusal if what lies there is nothing that nary may replace */
    static void requireReplaceable(Path path) throws Refusal, IOException {
        if (isTooLong(path)) throw new Refusal(tooLong(path));
        if (!exists(path)) return;
        if (ownerOfLink(path) != uid())
            throw new Refusal(path + " belongs to another user (" + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS)
                    + "); choose another path with --ipc-file");
        if (!isSocket(path))
            throw new Refusal(path + " is no control socket, and nary deletes no file of yours: remove it or choose another path with --ipc-file");
    }
}
