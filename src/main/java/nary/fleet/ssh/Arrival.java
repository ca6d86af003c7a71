package nary.fleet.ssh;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import nary.fleet.ssh.Tree.Entry;

/** The place here to which a tree comes, and the staging folder beside it. */
record Arrival(SortedMap<String, Entry> entries, boolean isFolder, Path place, Path staging) {

    static Arrival of(SortedMap<String, Entry> entries, boolean isFolder, Path to) throws IOException {
        Path place = isFolder || !Files.isDirectory(to) ? to : to.resolve(entries.firstKey()).normalize();
        Path parent = place.getParent();
        if (parent == null || (isFolder && Files.isRegularFile(place))) throw new IOException(place + " is no place for it: choose another");
        Files.createDirectories(parent);
        Path staging = parent.resolve("." + place.getFileName() + ".nary-partial");
        return new Arrival(entries, isFolder, place, Files.createDirectories(staging));
    }

    Path staged(String path) {
        return staging.resolve(path).normalize();
    }

    private Path placed(String path) {
        return isFolder ? place.resolve(path).normalize() : place;
    }

    long size(String path) {
        return entries.get(path) instanceof Entry.File file ? file.size() : 0;
    }

    long bytes(List<String> paths) {
        return paths.stream().mapToLong(this::size).sum();
    }

    List<String> files() {
        return entries.entrySet().stream().filter(each -> each.getValue() instanceof Entry.File).map(Map.Entry::getKey).toList();
    }

    /** Files that are neither in their place nor staged. */
    List<String> missing() throws IOException {
        List<String> missing = new ArrayList<>();
        for (String path : files()) if (!isRight(path, placed(path)) && !isRight(path, staged(path))) missing.add(path);
        return missing;
    }

    private boolean isRight(String path, Path file) throws IOException {
        return entries.get(path) instanceof Entry.File wanted
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == wanted.size()
                && Tree.sha256(file, Long.MAX_VALUE).equals(wanted.sha256());
    }

    /** The first of these that has not arrived as it should; empty if all have. */
    String firstWrong(List<String> paths) throws IOException {
        for (String path : paths) if (!isRight(path, staged(path))) return path;
        return "";
    }

    /** Renames all to where it belongs. */
    void settle() throws IOException {
        if (isFolder && !Files.exists(place)) {
            fill(staging);
            Files.move(staging, place, StandardCopyOption.ATOMIC_MOVE);
        } else {
            fill(isFolder ? place : staging);
            moveFiles();
            deleteTree(staging);
        }
    }

    /** Folders, symbolic links and modes. */
    private void fill(Path root) throws IOException {
        for (Map.Entry<String, Entry> each : entries.entrySet()) {
            Path path = root.resolve(each.getKey()).normalize();
            if (each.getValue() instanceof Entry.Folder) Files.createDirectories(path);
            if (each.getValue() instanceof Entry.Link link) {
                Files.deleteIfExists(path);
                Files.createSymbolicLink(path, Path.of(link.target()));
            }
        }
        for (String path : files()) if (Files.exists(staged(path))) setMode(staged(path), entries.get(path));
        for (String path : new ArrayList<>(entries.keySet()).reversed())
            if (entries.get(path) instanceof Entry.Folder folder) setMode(root.resolve(path), folder);
    }

    private static void setMode(Path path, @org.jspecify.annotations.Nullable Entry entry) throws IOException {
        if (entry instanceof Entry.File file) Files.setAttribute(path, "unix:mode", file.mode());
        if (entry instanceof Entry.Folder folder) Files.setAttribute(path, "unix:mode", folder.mode());
    }

    private void moveFiles() throws IOException {
        for (String path : files()) if (Files.exists(staged(path))) Files.move(staged(path), placed(path), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                if (failure != null) throw failure;
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
