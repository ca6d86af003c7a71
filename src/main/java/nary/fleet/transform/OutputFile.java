package nary.fleet.transform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** A file that is written whole or not at all. */
public final class OutputFile {
    private static final List<String> OWNER = List.of("unix:uid", "unix:gid");

    private OutputFile() {}

    /**
     * By a temporary file beside it and a rename. It has the rights and the owner of the file it takes the place of, or else the rights of
     * {@code like}; a symbolic link stays one.
     */
    public static void write(Path path, byte[] bytes, Path like) throws IOException {
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(Files.exists(target) ? target : like);
        Path folder = target.getParent();
        Path temporary = Files.createTempFile(folder == null ? Path.of("/") : folder, "." + target.getFileName() + ".", ".new");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) channel.write(left);
                channel.force(true);
            }
            if (Files.exists(target)) keepOwner(target, temporary);
            Files.setPosixFilePermissions(temporary, rights);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void keepOwner(Path target, Path temporary) throws IOException {
        for (String attribute : OWNER) {
            Object wanted = Files.getAttribute(target, attribute);
            if (!wanted.equals(Files.getAttribute(temporary, attribute))) Files.setAttribute(temporary, attribute, wanted);
        }
    }
}
