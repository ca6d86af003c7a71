package nary.fleet.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nary.fleet.Host;

/**
 * One server on which commands run and to which files go. Safe for many threads; each call blocks its thread. Interrupting the thread
 * cancels: the local process is ended, and so is the remote command where the server can be told, with all processes of its session.
 * What was connected is disconnected by {@link #close}; if this process is killed, it ends by itself, and so do its commands.
 */
public interface Remote extends AutoCloseable {
    Host host();

    /**
     * Runs a command to its end.
     *
     * @param lines gets each line of its output as it comes, from one thread at a time
     * @return its exit status, 0–255; of one that a signal N ended 128 + N
     * @throws RemoteException if the server cannot be reached, the link is lost, or the command's limit passes
     */
    int exec(Command command, Lines lines) throws RemoteException, InterruptedException;

    /** Runs a command and collects what it says, the end of it where it is more than {@link Answer#MOST_CHARS}. */
    default Answer ask(Command command) throws RemoteException, InterruptedException {
        var tails = new Tails();
        int exit = exec(command, tails);
        return tails.answer(exit);
    }

    /** What a command writes to stdout, without white space around it. @throws RemoteException of kind FAILED also if it exits with another status than 0 */
    default String expect(Command command) throws RemoteException, InterruptedException {
        Answer answer = ask(command);
        if (answer.exit() != 0) throw RemoteException.failed(host(), command, answer);
        return answer.out().strip();
    }

    /** SHA-256 of each file below a folder, by path {@code ./a/b}; links are not followed; none if there is no such folder. */
    default Map<String, String> sums(String folder) throws RemoteException, InterruptedException {
        Map<String, String> sums = new HashMap<>();
        var said = new Tails();
        Command command = Command.script("[ ! -d \"$1\" ] || { cd -- \"$1\" && find . -type f -exec sha256sum -- {} +; }", List.of(folder));
        int exit = exec(command, (stream, line) -> {
            if (stream == Lines.Stream.OUT) Survey.readSum(line, sums);
            else said.line(stream, line);
        });
        if (exit != 0) throw RemoteException.failed(host(), command, said.answer(exit));
        return sums;
    }

    /**
     * Brings a file or a folder to the server. Sent is only what is neither there nor in one of the folders of {@code basis}, by SHA-256;
     * what an interrupted upload has left is used. All is verified on the server before it appears under its name: a file or a new folder
     * by one rename, an existing folder file by file (what is only there stays). Modes and symbolic links are kept, owners are not.
     *
     * @param to the path there, absolute or relative to the home directory; its parent is made if it is missing
     * @param basis folders on the server that may hold files of the same name and content, e.g. the release before; may be missing
     * @throws RemoteException of kind DISK_FULL if it has no place there; then nothing of it is left there
     */
    Transfer upload(Tree from, String to, List<String> basis) throws RemoteException, InterruptedException;

    /** The same, for one server; who has many reads the {@link Tree} once. @throws IOException also if it cannot be read here */
    default Transfer upload(Path from, String to, List<String> basis) throws IOException, InterruptedException {
        return upload(Tree.of(from), to, basis);
    }

    /** Brings a file or a folder from the server, verified by SHA-256, with the same rules as {@link #upload}. @param to its path here; its parent is made if it is missing */
    Transfer download(String from, Path to) throws IOException, InterruptedException;

    /**
     * Says something to a socket as the server sees it, says that this is all, and reads what comes until the other side closes it.
     *
     * @param endpoint an absolute path of a unix socket, or HOST:PORT
     * @return at most {@link Answer#MOST_CHARS}
     */
    String talk(String endpoint, String words, Duration limit) throws IOException, InterruptedException;

    /** Ends the link and what still runs over it. Never fails, may be called twice. */
    @Override
    void close();
}
