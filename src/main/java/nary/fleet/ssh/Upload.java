package nary.fleet.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import nary.fleet.ssh.RemoteException.Kind;

/**
 * One tree on its way to a server. It is put together in a staging folder beside its place, where an upload that was cut off leaves what
 * had arrived; it is verified there, and appears in its place by renames.
 */
final class Upload {
    private static final long SLOWEST_BYTES_PER_SECOND = 64 * 1024;

    private static final String PREPARE = """
            set -e
            mkdir -p -- "$1"; cd -- "$1"
            %s
            find . -type l -delete
            find . -depth -mindepth 1 -type d -empty -delete
            %s
            """;

    private final ShellRemote remote;
    private final Tree tree;
    private final String to;
    private final List<String> basis;

    Upload(ShellRemote remote, Tree tree, String to, List<String> basis) {
        this.remote = remote;
        this.tree = tree;
        this.to = to.startsWith("~/") ? to.substring(2) : to;
        this.basis = basis.stream().map(it -> it.startsWith("~/") ? it.substring(2) : it).toList();
        if (to.isBlank() || to.chars().anyMatch(Character::isISOControl)) throw new IllegalArgumentException("'" + to + "' is no path to upload to");
    }

    Transfer run() throws RemoteException, InterruptedException {
        Survey survey = survey();
        if (tree.isFolder() && survey.kind() == Survey.Kind.FILE) throw failed("a folder cannot go to " + survey.place() + ": there is a file");
        Shipment shipment = shipment(survey);
        try {
            if (shipment.bytesToWrite(tree) > survey.freeBytes()) throw full(survey, shipment);
            prepare(survey, shipment);
            for (int i = 0; i < basis.size(); i++) take(i, survey, shipment);
            for (Map.Entry<String, Long> begun : shipment.appended().entrySet()) append(begun.getKey(), begun.getValue(), survey);
            send(survey, shipment);
            place(survey, shipment);
        } catch (RemoteException e) {
            throw isFull(e) ? full(survey, shipment) : e;
        }
        return new Transfer(tree.files(), shipment.filesToSend(), tree.bytes(), shipment.bytesToSend(tree));
    }

    private Survey survey() throws RemoteException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(to, tree.isFolder() ? "" : tree.path().getFileName().toString()));
        words.addAll(basis);
        var survey = new Survey();
        var said = new Tails();
        Command command = Command.script(Survey.SCRIPT, words).briefly();
        int exit = remote.exec(command, (stream, line) -> {
            survey.line(stream, line);
            if (stream == Lines.Stream.ERR) said.line(stream, line);
        });
        if (exit != 0) throw failed("cannot look at " + to + ": " + last(said.answer(exit)));
        if (!survey.isWhole()) throw failed("its tools do not answer as GNU findutils and coreutils do");
        return survey;
    }

    private Shipment shipment(Survey survey) throws RemoteException {
        try {
            return Shipment.of(tree, survey);
        } catch (IOException e) {
            throw failed("cannot read what is to be sent: " + e.getMessage());
        }
    }

    private void prepare(Survey survey, Shipment shipment) throws RemoteException, InterruptedException {
        String script = PREPARE.formatted(Placing.each("rm -f --", shipment.stale()), Placing.each("mkdir -p --", Placing.folders(tree)));
        check(remote.ask(Command.script(script, survey.staging()).briefly()), "cannot write to " + survey.staging());
    }

    /** Copies on the server what a basis has. */
    private void take(int number, Survey survey, Shipment shipment) throws RemoteException, InterruptedException {
        List<String> taken = shipment.taken().entrySet().stream().filter(each -> each.getValue() == number).map(Map.Entry::getKey).toList();
        if (taken.isEmpty()) return;
        String line = shell("tar -c -C \"$1\" --no-recursion --null -T - | tar -x -C \"$2\" --no-same-owner", basis.get(number), survey.staging());
        check(stream(line, to -> to.write(zeroed(taken)), 0), "cannot copy from " + basis.get(number));
    }

    private void append(String path, long from, Survey survey) throws RemoteException, InterruptedException {
        Path file = tree.root().resolve(path);
        String line = shell("cat >> \"$1\"", survey.staging() + "/" + path);
        check(stream(line, to -> copyRest(file, from, to), tree.bytes()), "cannot write to " + survey.staging());
    }

    private static void copyRest(Path file, long from, OutputStream to) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            Channels.newInputStream(channel.position(from)).transferTo(to);
        }
    }

    private void send(Survey survey, Shipment shipment) throws RemoteException, InterruptedException {
        if (shipment.sent().isEmpty()) return;
        String line = shell("tar -x -f - -C \"$1\" --no-same-owner", survey.staging());
        Process tar = localTar();
        try {
            Thread.ofVirtual().name("tar names").start(() -> write(zeroed(shipment.sent()), tar.getOutputStream()));
            check(stream(line, to -> tar.getInputStream().transferTo(to), tree.bytes()), "cannot write to " + survey.staging());
        } finally {
            tar.destroy();
        }
    }

    private Process localTar() throws RemoteException {
        try {
            return new ProcessBuilder("tar", "-c", "-C", tree.root().toString(), "--no-recursion", "--hard-dereference", "--null", "-T", "-")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new RemoteException(remote.host(), Kind.LOCAL, "tar cannot be started here; install it: " + e.getMessage());
        }
    }

    private static void write(byte[] bytes, OutputStream to) {
        try (to) {
            to.write(bytes);
        } catch (IOException e) {
            // tar has ended early: what is missing will be missed on the server
        }
    }

    /** Verifies all that was written, and renames. */
    private void place(Survey survey, Shipment shipment) throws RemoteException, InterruptedException {
        Command command = Command.script(new Placing(tree, shipment, survey.kind()).script(), survey.staging(), survey.place()).briefly();
        Answer answer = remote.ask(command);
        if (answer.exit() == Placing.CORRUPT)
            throw new RemoteException(remote.host(), Kind.CORRUPT, "what arrived is not what was read here; was it changed meanwhile? Try again. " + last(answer));
        check(answer, "cannot put it to " + survey.place());
    }

    private Answer stream(String line, Session.Input input, long bytes) throws RemoteException, InterruptedException {
        Duration limit = Command.DEFAULT_LIMIT.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
        return remote.stream(line, input, InputStream::readAllBytes, limit);
    }

    private void check(Answer answer, String what) throws RemoteException {
        if (answer.exit() != 0) throw failed(what + ": " + last(answer));
    }

    private RemoteException failed(String what) {
        return new RemoteException(remote.host(), Kind.FAILED, what);
    }

    private static boolean isFull(RemoteException e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("No space left") || text.contains("quota exceeded") || text.contains("Cannot allocate");
    }

    /** A disk that is full harms what runs there: nothing stays behind. */
    private RemoteException full(Survey survey, Shipment shipment) throws RemoteException, InterruptedException {
        remote.ask(Command.of("rm", "-rf", "--", survey.staging()));
        String text = "no space for " + survey.place() + ": " + megabytes(shipment.bytesToWrite(tree)) + " are needed, " + megabytes(survey.freeBytes()) + " were free";
        return new RemoteException(remote.host(), Kind.DISK_FULL, text);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private static String last(Answer answer) {
        String said = answer.err().isBlank() ? answer.out() : answer.err();
        return said.strip().lines().reduce((_, line) -> line).orElse("exit status " + answer.exit()).strip();
    }

    static byte[] zeroed(List<String> names) {
        return names.stream().map(name -> name + "\0").collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8);
    }

    /** A script with its arguments for a login shell. */
    static String shell(String script, String... arguments) {
        List<String> words = new ArrayList<>(List.of("exec", "/bin/sh", "-c", script, "sh"));
        words.addAll(List.of(arguments));
        return Quoting.line(words);
    }
}
