package nary.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import nary.id.WorkerId;
import nary.posix.Address;
import nary.posix.Fd;
import org.junit.jupiter.api.Test;

class ListenerGroupTest {
    private static final Address ADDRESS = new Address("0.0.0.0", 8080, false);
    private final GroupKernel kernel = new GroupKernel();
    private final ListenerGroup group = new ListenerGroup(ADDRESS, kernel, Optional.of(new Fd(1)));
    private final Map<WorkerId, Integer> descriptors = new HashMap<>();

    private WorkerId join(int generation, int slot) {
        WorkerId worker = new WorkerId(generation, slot, 1);
        Member member = new Member(worker, kernel.join(), descriptors.size() + 1L, descriptors.size() + 1L);
        descriptors.put(worker, member.fd.number());
        group.join(member);
        return worker;
    }

    private void free(WorkerId worker, Set<WorkerId> serving) throws Exception {
        group.members().stream().filter(m -> m.owner.equals(worker)).forEach(m -> m.freed = true);
        group.sweep(serving);
    }

    private Set<Integer> receivers(int connections) {
        Set<Integer> hit = new HashSet<>();
        for (int i = 0; i < connections; i++) hit.add(kernel.connect(40_000 + i));
        return hit;
    }

    private Set<Integer> descriptorsOf(Set<WorkerId> workers) {
        Set<Integer> all = new HashSet<>();
        workers.forEach(w -> all.add(descriptors.get(w)));
        return all;
    }

    @Test
    void new_connections_go_evenly_to_the_serving_members_and_to_no_other() throws Exception {
        join(1, 0);
        WorkerId a = join(2, 0);
        WorkerId b = join(2, 1);
        join(3, 0);
        group.steer(Set.of(a, b));
        receivers(1000);
        assertThat(kernel.received.keySet()).isEqualTo(descriptorsOf(Set.of(a, b)));
        assertThat(kernel.received.values()).allMatch(count -> count > 400);
    }

    @Test
    void a_probe_reaches_a_member_that_has_no_traffic() throws Exception {
        WorkerId old = join(1, 0);
        WorkerId booting = join(2, 0);
        group.probe(5555, booting, Set.of(old));
        assertThat(kernel.connect(5555)).isEqualTo(descriptors.get(booting));
        assertThat(receivers(100)).isEqualTo(descriptorsOf(Set.of(old)));
        group.endProbe(5555, Set.of(old));
        assertThat(kernel.connect(5555)).isEqualTo(descriptors.get(old));
    }

    @Test
    void no_connection_strays_while_members_leave_whatever_the_order() throws Exception {
        for (int seed = 0; seed < 500; seed++) new Life(seed).run();
    }

    /** Random joins, cutovers and removals; after every kernel call a connection arrives. */
    private static final class Life {
        private final Random random;
        private final ListenerGroupTest test = new ListenerGroupTest();
        private Set<WorkerId> serving = Set.of();
        private final Set<WorkerId> living = new HashSet<>();
        private final int seed;

        Life(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            test.kernel.afterShutdown = this::check;
        }

        void run() throws Exception {
            int workers = 1 + random.nextInt(3);
            for (int generation = 1; generation <= 6; generation++) {
                Set<WorkerId> born = new HashSet<>();
                for (int slot = 0; slot < workers; slot++) {
                    born.add(test.join(generation, slot));
                    test.group.steer(serving);
                    test.group.sweep(serving);
                    check();
                }
                boolean fails = generation > 1 && random.nextInt(3) == 0;
                Set<WorkerId> leaving = new HashSet<>(fails ? born : serving);
                if (!fails) {
                    serving = Set.copyOf(born);
                    test.group.steer(serving);
                    test.group.sweep(serving);
                }
                living.addAll(born);
                for (WorkerId worker : leaving) {
                    test.free(worker, serving);
                    living.remove(worker);
                    check();
                }
                assertThat(test.group.members()).as("seed %d: what is parked stays bounded", seed).hasSizeLessThanOrEqualTo(2 * workers + 1);
            }
        }

        private void check() {
            if (serving.isEmpty()) return;
            for (int i = 0; i < 5; i++) {
                int got = test.kernel.connect(30_000);
                assertThat(test.descriptorsOf(serving)).as("seed %d", seed).contains(got);
            }
        }
    }
}
