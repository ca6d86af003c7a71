package nary.cli.naught;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Folders for a program's files, and what a failure is called where Node programs read it. */
final class Folders {
    private Folders() {}

    /** @throws IOException whose message names the folder that could not be made */
    static void makeParentOf(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null) make(parent);
    }

    private static void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        Path parent = folder.getParent();
        if (parent != null) make(parent);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) throw new IOException("EEXIST, mkdir '" + folder + "'", e);
        } catch (FileSystemException e) {
            throw new IOException(code(e) + ", mkdir '" + folder + "'", e);
        }
    }

    static String text(FileSystemException e) {
        return code(e) + ", '" + e.getFile() + "'";
    }

    private static String code(FileSystemException e) {
        return switch (e) {
            case AccessDeniedException _ -> "EACCES";
            case NoSuchFileException _ -> "ENOENT";
            default -> String.valueOf(e.getReason());
        };
    }
}
