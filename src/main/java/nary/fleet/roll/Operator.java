package nary.fleet.roll;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Who runs this, as a lock names it.
 *
 * @param name for people: USER@HOST
 * @param machine unique to this boot of this machine
 * @param process the pid, and when it began, so that a pid that was used again is not taken for it
 */
record Operator(String name, String machine, long pid, String began) {

    static Operator current() throws IOException {
        ProcessHandle self = ProcessHandle.current();
        String user = System.getProperty("user.name", "?");
        return new Operator(user + "@" + InetAddress.getLocalHost().getHostName(), bootId(), self.pid(), startOf(self));
    }

    private static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    /** Certain only for a process of this machine. */
    boolean isDeadHere(String otherMachine, long otherPid, String otherBegan) {
        if (!machine.equals(otherMachine)) return false;
        return ProcessHandle.of(otherPid).filter(ProcessHandle::isAlive).filter(it -> startOf(it).equals(otherBegan)).isEmpty();
    }
}
