package nary.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Status;

/** Makes things go wrong with the workers of one life, and writes down what it did. */
final class Mischief {
    private final Path ipc;
    private final List<Kill> kills = new ArrayList<>();

    /** @param at wall clock, in milliseconds */
    record Kill(long pid, long at, int generation, String state) {}

    Mischief(Path ipc) {
        this.ipc = ipc;
    }

    synchronized List<Kill> kills() {
        return List.copyOf(kills);
    }

    /** @return what it did, for people */
    String against(Fault fault) throws IOException, InterruptedException {
        List<Status.Worker> workers = workers(fault.whom());
        if (workers.isEmpty()) return "nobody to " + fault;
        Status.Worker victim = workers.get((int) (fault.pick() * workers.size()));
        switch (fault.kind()) {
            case KILL -> kill(victim);
            case STALL -> stall(victim, fault.forMillis());
            case STALL_AND_KILL -> {
                signal("STOP", "" + victim.pid());
                Thread.sleep(fault.forMillis());
                kill(victim);
            }
            case ABORT, INTERRUPT -> throw new IllegalArgumentException("not against a worker: " + fault);
        }
        return fault.kind() + " slot " + victim.slot() + " of generation " + victim.generation() + ", " + victim.state() + ", pid " + victim.pid();
    }

    private static void stall(Status.Worker victim, int millis) throws IOException, InterruptedException {
        signal("STOP", "" + victim.pid());
        Thread.sleep(millis);
        signal("CONT", "" + victim.pid());
    }

    private void kill(Status.Worker victim) {
        synchronized (this) {
            kills.add(new Kill(victim.pid(), System.currentTimeMillis(), victim.generation(), victim.state()));
        }
        ProcessHandle.of(victim.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    private List<Status.Worker> workers(Fault.Whom whom) throws IOException {
        List<Status.Worker> all = status().stream().flatMap(it -> it.workers().stream()).filter(it -> it.pid() > 0 && !it.state().equals("exited")).toList();
        var generations = all.stream().mapToInt(Status.Worker::generation).summaryStatistics();
        return all.stream()
                .filter(it -> switch (whom) {
                    case ANY -> true;
                    case OLD -> it.generation() == generations.getMin();
                    case NEW -> it.generation() == generations.getMax();
                })
                .sorted(Comparator.comparingInt(Status.Worker::generation).thenComparingInt(Status.Worker::slot))
                .toList();
    }

    /** Empty where no daemon is. */
    private List<Status> status() throws IOException {
        try (Client client = Client.connect(ipc)) {
            return List.of(client.status(Duration.ofSeconds(10)));
        } catch (NoDaemon stopped) {
            return List.of();
        }
    }

    /** One that has gone meanwhile is no matter. @param target as for kill(1) */
    static void signal(String name, String target) throws IOException, InterruptedException {
        new ProcessBuilder("bash", "-c", "kill -" + name + " -- " + target + " 2>/dev/null").start().waitFor();
    }
}
