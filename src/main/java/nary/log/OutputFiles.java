package nary.log;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import nary.config.Output;

/**
 * The files of the workers' output: one for stdout and one for stderr, which may be the same, or, with {@code {slot}} in the name, one for
 * each slot. Used by one thread.
 */
final class OutputFiles {
    private static final String WAITS = "the workers' output waits in their pipes until it works again";
    private static final String DROPS = "lines that do not fit into " + (DropOutlet.ROOM >> 20) + " MiB meanwhile are dropped and counted";

    private final Map<Capture.Stream, String> names;
    private final Output output;
    private final Archive archive;
    private final Consumer<String> trouble;
    private final Map<String, LineFile> open = new HashMap<>();

    private OutputFiles(Map<Capture.Stream, String> names, Output output, Archive archive, Consumer<String> trouble) {
        this.names = names;
        this.output = output;
        this.archive = archive;
        this.trouble = trouble;
    }

    /** Opens those that are there for all slots, so that it is known now if that is impossible. */
    static OutputFiles open(Path stdout, Path stderr, Output output, Consumer<String> trouble) throws IOException {
        var names = Map.of(Capture.Stream.OUT, stdout.toString(), Capture.Stream.ERR, stderr.toString());
        OutputFiles files = new OutputFiles(names, output, Archive.start(output, trouble), trouble);
        boolean opened = false;
        try {
            for (Capture.Stream stream : Capture.Stream.values()) files.openShared(stream);
            opened = true;
            return files;
        } finally {
            if (!opened) files.close(0);
        }
    }

    /** For tests: as they are. */
    static OutputFiles of(LineFile out, LineFile err) {
        OutputFiles files = new OutputFiles(Map.of(Capture.Stream.OUT, "out", Capture.Stream.ERR, "err"), Output.DEFAULT, Archive.none(), _ -> {});
        files.open.put("out", out);
        files.open.put("err", err);
        return files;
    }

    private String name(Capture.Stream stream) {
        return names.getOrDefault(stream, "");
    }

    private void openShared(Capture.Stream stream) throws IOException {
        String name = name(stream);
        if (name.contains(Output.SLOT)) return;
        LineFile twin = isTwin(stream) ? open.get(name(Capture.Stream.OUT)) : null;
        if (twin != null) open.put(name, twin);
        else open.put(name, lineFile(name, stream, true));
    }

    private boolean isTwin(Capture.Stream stream) throws IOException {
        Path out = Path.of(name(Capture.Stream.OUT));
        Path err = Path.of(name(Capture.Stream.ERR));
        return stream == Capture.Stream.ERR && open.containsKey(out.toString()) && !out.endsWith("-") && Files.exists(err) && Files.isSameFile(out, err);
    }

    private LineFile lineFile(String name, Capture.Stream stream, boolean opensNow) throws IOException {
        boolean drops = output.overflow() == Output.Overflow.DROP;
        LogFile file = logFile(Path.of(name), stream, drops ? DROPS : WAITS);
        if (opensNow) file.open();
        Outlet outlet = drops ? new DropOutlet(name, file, LineFormat.of(output.format()), trouble) : file;
        return new LineFile(outlet, LineFormat.of(output.format()));
    }

    private LogFile logFile(Path path, Capture.Stream stream, String consequence) {
        if (!path.endsWith("-")) return LogFile.at(path, archive, consequence, trouble);
        return LogFile.inherited(stream == Capture.Stream.OUT ? FileDescriptor.out : FileDescriptor.err, consequence, trouble);
    }

    /** Opened with the first line, if it is the slot's own. */
    LineFile of(Capture.Stream stream, int slot) {
        return open.computeIfAbsent(name(stream).replace(Output.SLOT, Integer.toString(slot)), name -> {
            try {
                return lineFile(name, stream, false);
            } catch (IOException impossible) {
                throw new java.io.UncheckedIOException(impossible);
            }
        });
    }

    void retry() {
        for (LineFile file : open.values()) file.retry(false);
    }

    void reopen() {
        for (LineFile file : java.util.Set.copyOf(open.values())) file.reopen();
    }

    /** @param end in System.nanoTime; @return bytes that never reached their file, at least */
    long close(long end) {
        long lost = 0;
        for (LineFile file : java.util.Set.copyOf(open.values())) lost += file.close(end);
        try {
            archive.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lost;
    }
}
