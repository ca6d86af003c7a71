package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import nary.control.Client;

/** Waits for the end of a process that is no child of ours. A zombie has ended: in a container its parent may never reap it. */
public final class Departure {
    private static final long LOOK_MILLIS = 5;
    /** Fields of /proc/PID/stat after the name, proc(5): 3 is the state, 22 the start time. */
    private static final int STATE = 0;

    private static final int START_TIME = 19;

    private Departure() {}

    /** Returns when the daemon, which was told to end, is gone. */
    public static void awaitDaemon(Client client) throws IOException, InterruptedException {
        client.awaitEnd();
        // in a container its number is another process's out here
        if (ProcessHandle.of(client.hello().pid()).filter(Departure::isJava).isPresent()) await(client.hello().pid());
    }

    private static boolean isJava(ProcessHandle process) {
        try {
            return process.pid() != ProcessHandle.current().pid() && Files.readString(Path.of("/proc/" + process.pid() + "/comm")).equals("java\n");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Returns at once if there is no such process. */
    static void await(long pid) throws InterruptedException {
        Optional<String> born = startOf(pid);
        // the number may be given to another process
        while (born.isPresent() && startOf(pid).equals(born)) Thread.sleep(LOOK_MILLIS);
    }

    private static Optional<String> startOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[STATE].equals("Z") || fields[STATE].equals("X") ? Optional.empty() : Optional.of(fields[START_TIME]);
        } catch (IOException e) {
            // it has gone, perhaps between open and read
            return Optional.empty();
        }
    }
}
