package nary.fleet.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import nary.fleet.ssh.RemoteException.Kind;

/** One tree on its way from a server, by way of a staging folder beside its place, as an upload's. */
final class Download {
    private static final long SLOWEST_BYTES_PER_SECOND = 64 * 1024;

    private final ShellRemote remote;
    private final String from;
    private final Path to;

    Download(ShellRemote remote, String from, Path to) {
        this.remote = remote;
        this.from = from.startsWith("~/") ? from.substring(2) : from;
        this.to = to.toAbsolutePath().normalize();
    }

    Transfer run() throws IOException, InterruptedException {
        Inventory inventory = look();
        if (inventory.kind() == Survey.Kind.NOTHING) throw failed("there is no " + from);
        Arrival arrival = arrival(inventory);
        List<String> missing = arrival.missing();
        List<String> whole = new ArrayList<>();
        for (String path : missing) if (!resume(path, arrival)) whole.add(path);
        fetch(whole, arrival);
        String wrong = arrival.firstWrong(missing);
        if (!wrong.isEmpty()) throw new RemoteException(remote.host(), Kind.CORRUPT, wrong + " is not what it was there a moment ago; was it changed meanwhile? Try again");
        arrival.settle();
        return new Transfer(arrival.files().size(), missing.size(), arrival.bytes(arrival.files()), arrival.bytes(missing));
    }

    private Inventory look() throws RemoteException, InterruptedException {
        var inventory = new Inventory();
        var said = new Tails();
        int exit = remote.exec(Command.script(Inventory.SCRIPT, from), (stream, line) -> {
            inventory.line(stream, line);
            if (stream == Lines.Stream.ERR) said.line(stream, line);
        });
        if (exit != 0) throw failed("cannot read " + from + ": " + said.answer(exit).err().strip());
        return inventory;
    }

    private Arrival arrival(Inventory inventory) throws IOException {
        try {
            return Arrival.of(inventory.entries(), inventory.kind() == Survey.Kind.FOLDER, to);
        } catch (IllegalArgumentException e) {
            throw failed(String.valueOf(e.getMessage()));
        }
    }

    /** Where the last attempt was cut off in a large file. @return whether it is complete now */
    private boolean resume(String path, Arrival arrival) throws IOException, InterruptedException {
        Path begun = arrival.staged(path);
        long there = Files.isRegularFile(begun, LinkOption.NOFOLLOW_LINKS) ? Files.size(begun) : 0;
        if (there < Shipment.RESUMED_FROM || there >= arrival.size(path)) return false;
        String source = arrival.isFolder() ? from + "/" + path : from;
        String sum = remote.expect(Command.script("head -c \"$2\" -- \"$1\" | sha256sum", source, Long.toString(there)));
        if (!sum.startsWith(Tree.sha256(begun, there))) return false;
        try (OutputStream rest = Files.newOutputStream(begun, StandardOpenOption.APPEND)) {
            String line = Upload.shell("exec tail -c +\"$2\" -- \"$1\"", source, Long.toString(there + 1));
            check(stream(line, _ -> {}, in -> in.transferTo(rest), arrival.size(path)));
        }
        return true;
    }

    private void fetch(List<String> paths, Arrival arrival) throws IOException, InterruptedException {
        if (paths.isEmpty()) return;
        String folder = arrival.isFolder() ? "$1" : "$(dirname -- \"$1\")";
        String line = Upload.shell("exec tar -c -C \"" + folder + "\" --no-recursion --null -T -", from);
        Process tar = new ProcessBuilder("tar", "-x", "-f", "-", "-C", arrival.staging().toString(), "--no-same-owner")
                .redirectErrorStream(true)
                .start();
        try {
            var said = new Tails();
            Session here = new Session(tar).out(in -> Session.split(in, text -> said.line(Lines.Stream.ERR, text)));
            check(stream(line, out -> out.write(Upload.zeroed(paths)), in -> pipe(in, tar.getOutputStream()), arrival.bytes(paths)));
            int exit = here.await(Command.DEFAULT_LIMIT).orElse(1);
            if (exit != 0) throw new IOException("cannot write to " + arrival.staging() + ": " + said.answer(exit).err().strip());
        } finally {
            tar.destroy();
        }
    }

    private static void pipe(InputStream in, OutputStream to) throws IOException {
        try (to) {
            in.transferTo(to);
        }
    }

    private Answer stream(String line, Session.Input input, Session.Output output, long bytes) throws RemoteException, InterruptedException {
        return remote.stream(line, input, output, Command.DEFAULT_LIMIT.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND));
    }

    private void check(Answer answer) throws RemoteException {
        if (answer.exit() != 0) throw failed("cannot read " + from + ": " + answer.err().strip());
    }

    private RemoteException failed(String what) {
        return new RemoteException(remote.host(), Kind.FAILED, what);
    }
}
