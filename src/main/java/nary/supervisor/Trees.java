package nary.supervisor;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nary.id.WorkerId;
import nary.listen.Owners;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Processes.Info;

/**
 * Which processes belong to which worker: the leader, its descendants, and those that cut loose. Who leaves the process group and outlives
 * its parent becomes a child of the supervisor (a subreaper) and is told by the token in its environment. Thread-safe.
 */
public final class Trees implements Owners {
    /** In every worker's environment; its value names the daemon and the worker. */
    static final String TOKEN = "NARY_ID";

    private static final long SPAWN_WAIT_MILLIS = 2_000;

    private final Posix posix;
    private final Tables tables;
    private final Pid self;
    private final String daemon;
    private final Map<WorkerId, Pid> leaders = new HashMap<>();
    /** Workers whose leader has been reaped. */
    private final Set<WorkerId> reaped = new HashSet<>();
    /** Workers whose leader's number nobody bears any more, as pid, group or session: the kernel may give it to a stranger. */
    private final Set<WorkerId> nameless = new HashSet<>();

    /** Orphans recognised once stay recognised: environ can be overwritten by the process. */
    private final Map<Pid, Adopted> adopted = new HashMap<>();

    private int spawning;

    private record Adopted(WorkerId worker, long startTicks) {}

    Trees(Posix posix) {
        this.posix = posix;
        this.tables = new Tables(posix.processes()::table);
        this.self = posix.processes().self();
        this.daemon = self + "-" + Long.toHexString(System.nanoTime());
    }

    String token(WorkerId worker) {
        return daemon + "/" + worker;
    }

    synchronized void spawning() {
        spawning++;
    }

    /** @param leader empty if the spawn failed */
    synchronized void spawned(WorkerId worker, Optional<Pid> leader) {
        spawning--;
        leader.ifPresent(pid -> leaders.put(worker, pid));
        notifyAll();
    }

    synchronized void forget(WorkerId worker) {
        leaders.remove(worker);
        reaped.remove(worker);
        nameless.remove(worker);
        adopted.values().removeIf(a -> a.worker.equals(worker));
    }

    synchronized void reaped(WorkerId worker) {
        if (leaders.containsKey(worker)) reaped.add(worker);
    }

    private synchronized boolean isReaped(WorkerId worker) {
        return reaped.contains(worker);
    }

    synchronized boolean hasLeader(WorkerId worker) {
        return leaders.containsKey(worker);
    }

    synchronized boolean isSpawning() {
        return spawning > 0;
    }

    /**
     * Returns when no spawn is under way, at the latest after that many milliseconds: a look at all processes would take the processors from
     * who replaces a worker.
     */
    synchronized void awaitSpawns(long most) throws InterruptedException {
        long deadline = System.nanoTime() + most * 1_000_000;
        for (long left = most; spawning > 0 && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) wait(left);
    }

    @Override
    public synchronized Optional<WorkerId> ownerOf(Pid pid) {
        long deadline = System.nanoTime() + SPAWN_WAIT_MILLIS * 1_000_000;
        while (true) {
            Optional<WorkerId> owner = lookUp(pid);
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (owner.isPresent() || spawning == 0 || left <= 0) return owner;
            try {
                wait(Math.min(left, 50));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private Optional<WorkerId> lookUp(Pid pid) {
        for (var leader : leaders.entrySet()) if (leader.getValue().equals(pid)) return Optional.of(leader.getKey());
        List<Info> table = posix.processes().table();
        for (WorkerId worker : leaders.keySet()) if (of(worker, table).contains(pid)) return Optional.of(worker);
        return Optional.empty();
    }

    /** All living processes of the worker, the leader included; zombies are left out. */
    public Set<Pid> of(WorkerId worker) {
        boolean isReaped = isReaped(worker);
        List<Info> table = tables.take();
        if (isReaped) dropNumber(worker, table);
        return of(worker, table);
    }

    /** The trees of several workers at one moment. */
    public Map<WorkerId, Set<Pid>> of(Collection<WorkerId> workers) {
        List<Info> table = posix.processes().table();
        return workers.stream().collect(Collectors.toMap(worker -> worker, worker -> of(worker, table), (a, _) -> a));
    }

    /** Who else may hold a connection: the processes of all other workers, and ourselves. */
    synchronized Set<Pid> allBut(Set<WorkerId> workers, List<Info> table) {
        Set<Pid> all = new HashSet<>(Set.of(self));
        for (WorkerId worker : leaders.keySet()) if (!workers.contains(worker)) all.addAll(of(worker, table));
        return all;
    }

    synchronized Set<Pid> of(WorkerId worker, List<Info> table) {
        Pid leader = leaders.get(worker);
        if (leader == null) return Set.of();
        Map<Pid, List<Info>> children = table.stream().collect(Collectors.groupingBy(Info::parent));
        Set<Pid> tree = new HashSet<>();
        Deque<Pid> open = new ArrayDeque<>();
        boolean isNamed = !nameless.contains(worker);
        Set<Pid> known = Set.copyOf(leaders.values());
        for (Info info : table) {
            boolean isOurs = isNamed && bearsNumber(leader, info);
            if (isOurs || !known.contains(info.pid()) && isOrphanOf(worker, info)) open.add(info.pid());
        }
        while (!open.isEmpty()) {
            Pid pid = open.poll();
            if (tree.add(pid)) children.getOrDefault(pid, List.of()).forEach(child -> open.add(child.pid()));
        }
        table.stream().filter(info -> info.state() == 'Z').forEach(info -> tree.remove(info.pid()));
        return tree;
    }

    /** @param table read after the leader was reaped */
    private synchronized void dropNumber(WorkerId worker, List<Info> table) {
        Pid leader = leaders.get(worker);
        if (leader != null && table.stream().noneMatch(info -> bearsNumber(leader, info))) nameless.add(worker);
    }

    private static boolean bearsNumber(Pid leader, Info info) {
        return info.pid().equals(leader) || info.group() == leader.number() || info.session() == leader.number();
    }

    private boolean isOrphanOf(WorkerId worker, Info info) {
        if (!info.parent().equals(self)) return false;
        Adopted known = adopted.get(info.pid());
        if (known == null || known.startTicks != info.startTicks()) {
            String token = posix.processes().environmentOf(info.pid()).get(TOKEN);
            Optional<WorkerId> owner = leaders.keySet().stream().filter(w -> token(w).equals(token)).findFirst();
            if (owner.isEmpty()) return false;
            known = new Adopted(owner.get(), info.startTicks());
            adopted.put(info.pid(), known);
        }
        return known.worker.equals(worker);
    }

    /**
     * Reaps adopted orphans that have ended; the leaders are left to their pidfds. A leader that dies at once is a zombie before its spawner
     * has told us of it, so nobody is reaped while a spawn is under way.
     */
    void reapOrphans() throws OsException, InterruptedException {
        if (!posix.processes().hasZombie()) return;
        for (Info info : posix.processes().table()) {
            if (info.state() == 'Z' && info.parent().equals(self)) reapOrphan(info.pid());
        }
    }

    private synchronized void reapOrphan(Pid pid) throws OsException, InterruptedException {
        while (spawning > 0) wait();
        boolean isLeader = leaders.entrySet().stream().anyMatch(e -> e.getValue().equals(pid) && !reaped.contains(e.getKey()));
        if (!isLeader && posix.processes().reapZombie(pid)) adopted.remove(pid);
    }
}
