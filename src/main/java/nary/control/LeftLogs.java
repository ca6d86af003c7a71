package nary.control;

import static nary.control.Fields.map;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import nary.config.Launch;
import nary.config.Output;

/**
 * Where the logs of an app are, for those who ask when it has ended: a small file beside the control socket, written only where they do not
 * have their usual names.
 *
 * @param format of the workers' output; empty if it is not known
 */
public record LeftLogs(Path events, Path out, Path err, Optional<Output.Format> format) {
    private static final String SUFFIX = ".logs";

    public static LeftLogs of(Launch launch) {
        Launch.Files files = launch.files();
        return new LeftLogs(Path.of(files.log()), Path.of(files.stdout()), Path.of(files.stderr()), Optional.of(launch.output().format()));
    }

    private static LeftLogs usual(Path ipc) {
        return new LeftLogs(ipc.resolveSibling("nary.log"), ipc.resolveSibling("stdout.log"), ipc.resolveSibling("stderr.log"), Optional.empty());
    }

    private static Path file(Path ipc) {
        return ipc.resolveSibling(ipc.getFileName() + SUFFIX);
    }

    /** Remembers where the logs of an app that starts are. */
    public static void remember(Launch launch) throws IOException {
        Path ipc = Path.of(launch.files().ipc());
        LeftLogs its = of(launch);
        boolean isUsual = its.equals(new LeftLogs(usual(ipc).events, usual(ipc).out, usual(ipc).err, Optional.of(Output.DEFAULT.format())));
        if (isUsual) Files.deleteIfExists(file(ipc));
        else write(file(ipc), its, launch.output().format());
    }

    private static void write(Path file, LeftLogs its, Output.Format format) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        String line = Json.write(map("log", its.events.toString(), "stdout", its.out.toString(), "stderr", its.err.toString(), "format", format.text()));
        Files.writeString(unfinished, line + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Of the last app that was started with this control socket. */
    public static LeftLogs find(Path ipc) throws IOException {
        try {
            Fields in = Fields.parse(Files.readString(file(ipc)).strip());
            return new LeftLogs(
                    Path.of(in.text("log")), Path.of(in.text("stdout")), Path.of(in.text("stderr")), Optional.of(Output.Format.parse(in.text("format"))));
        } catch (NoSuchFileException usualNames) {
            return usual(ipc);
        } catch (IllegalArgumentException | WireException e) {
            throw new IOException(file(ipc) + " does not say where the logs are (" + e.getMessage() + "); delete it", e);
        }
    }
}
