package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import nary.id.WorkerId;
import nary.posix.Pid;
import nary.posix.Posix;
import nary.posix.Processes;
import nary.posix.Processes.Info;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose process is it, on a process table made by hand. */
@Timeout(20)
class TreesTest {
    private static final Pid SELF = new Pid(100);
    private static final WorkerId A = new WorkerId(1, 0, 1);
    private static final WorkerId B = new WorkerId(1, 1, 1);

    private final List<Info> table = new ArrayList<>();
    private final Map<Pid, Map<String, String>> environments = new HashMap<>();
    private final List<Pid> reaped = new ArrayList<>();
    private final Trees trees = new Trees(posix());

    private Posix posix() {
        return fake(Posix.class, Map.of("processes", _ -> processes()));
    }

    private Processes processes() {
        return fake(Processes.class, Map.of(
                "self", _ -> SELF,
                "table", _ -> List.copyOf(table),
                "environmentOf", arguments -> environments.getOrDefault(arguments[0], Map.of()),
                "hasZombie", _ -> table.stream().anyMatch(info -> info.state() == 'Z'),
                "reapZombie", arguments -> reap((Pid) arguments[0])));
    }

    private interface Behaviour {
        Object answer(Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Map<String, Behaviour> methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
            Behaviour behaviour = methods.get(method.getName());
            if (behaviour == null) throw new UnsupportedOperationException(method.getName());
            return behaviour.answer(arguments);
        }));
    }

    private boolean reap(Pid pid) {
        reaped.add(pid);
        return table.removeIf(info -> info.pid().equals(pid));
    }

    private Pid process(int pid, int parent, int group, char state) {
        table.add(new Info(new Pid(pid), new Pid(parent), group, group, state, "it", pid));
        return new Pid(pid);
    }

    private void spawned(WorkerId worker, Pid leader) {
        trees.spawning();
        trees.spawned(worker, Optional.of(leader));
    }

    @Test
    void a_leader_that_died_before_anybody_knew_it_is_not_reaped_as_an_orphan() throws Exception {
        Pid orphan = process(7, 100, 7, 'Z');
        trees.spawning();
        Pid leader = process(201, 100, 201, 'Z');
        CompletableFuture<Void> reaping = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                trees.reapOrphans();
                reaping.complete(null);
            } catch (Exception e) {
                reaping.completeExceptionally(e);
            }
        });
        while (thread.getState() != Thread.State.WAITING && !reaping.isDone()) Thread.onSpinWait();
        trees.spawned(A, Optional.of(leader));
        reaping.get(10, TimeUnit.SECONDS);
        assertThat(reaped).containsExactly(orphan);
    }

    @Test
    void a_stranger_with_the_number_of_a_leader_that_is_gone_is_not_its_tree() {
        Pid leader = process(201, 100, 201, 'S');
        spawned(A, leader);
        Pid loose = process(300, 100, 300, 'S');
        environments.put(loose, Map.of(Trees.TOKEN, trees.token(A)));
        assertThat(trees.of(A)).containsExactlyInAnyOrder(leader, loose);

        table.removeIf(info -> info.pid().equals(leader));
        trees.reaped(A);
        assertThat(trees.of(A)).containsExactly(loose);
        process(201, 1, 201, 'S');
        assertThat(trees.of(A)).containsExactly(loose);
        assertThat(trees.of(List.of(A))).isEqualTo(Map.of(A, Set.of(loose)));
    }

    @Test
    void the_group_keeps_its_number_as_long_as_one_process_bears_it() {
        Pid leader = process(201, 100, 201, 'S');
        Pid child = process(202, 100, 201, 'S');
        spawned(A, leader);
        table.removeIf(info -> info.pid().equals(leader));
        trees.reaped(A);
        assertThat(trees.of(A)).containsExactly(child);
        Pid younger = process(203, 202, 201, 'S');
        assertThat(trees.of(A)).containsExactlyInAnyOrder(child, younger);
    }

    @Test
    void an_orphan_stays_its_workers_when_it_overwrites_its_environment() {
        spawned(A, process(201, 100, 201, 'S'));
        spawned(B, process(301, 100, 301, 'S'));
        Pid orphan = process(400, 100, 400, 'S');
        environments.put(orphan, Map.of(Trees.TOKEN, trees.token(B)));
        assertThat(trees.ownerOf(orphan)).contains(B);
        environments.clear();
        assertThat(trees.ownerOf(orphan)).contains(B);
        assertThat(trees.of(A)).doesNotContain(orphan);
    }

    @Test
    void a_process_of_nobody_is_nobodys_and_is_not_waited_for() {
        spawned(A, process(201, 100, 201, 'S'));
        Pid stranger = process(900, 1, 900, 'S');
        assertThat(trees.ownerOf(stranger)).isEmpty();
    }
}
