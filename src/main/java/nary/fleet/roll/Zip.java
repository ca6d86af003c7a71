package nary.fleet.roll;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Zip archives, with the modes that Unix tools put into them. */
final class Zip {
    private Zip() {}

    static void unpack(Path archive, Path folder) throws IOException {
        try (var zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) unpack(zip, entry, folder, archive);
        }
        restoreModes(archive, folder);
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path folder, Path archive) throws IOException {
        Path to = folder.resolve(entry.getName()).normalize();
        if (!to.startsWith(folder)) throw new IOException(archive + " holds a name that leads out of it: " + entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(to);
            return;
        }
        Files.createDirectories(to.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, to);
        }
    }

    /** Only the file system of zip archives tells modes; what was packed without them is no program; links are files to it, so they were refused by nobody and stay files. */
    private static void restoreModes(Path archive, Path folder) throws IOException {
        try (var files = java.nio.file.FileSystems.newFileSystem(archive, Map.of("enablePosixFileAttributes", "true", "defaultPermissions", "rw-r--r--"));
                var all = Files.walk(files.getPath("/"))) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                Set<PosixFilePermission> modes = Files.getPosixFilePermissions(each);
                Path to = folder.resolve(each.toString().substring(1));
                if (modes.contains(PosixFilePermission.OWNER_EXECUTE)) makeExecutable(to);
            }
        }
    }

    private static void makeExecutable(Path file) throws IOException {
        Set<PosixFilePermission> modes = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        modes.addAll(EnumSet.of(PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE));
        Files.setPosixFilePermissions(file, modes);
    }
}
