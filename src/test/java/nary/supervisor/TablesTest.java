package nary.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import nary.posix.Pid;
import nary.posix.Processes.Info;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TablesTest {
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    /** A table that tells which reading it is of. */
    private List<Info> read() {
        int number = begun.incrementAndGet();
        Thread.yield();
        ended.incrementAndGet();
        return List.of(new Info(new Pid(number), new Pid(1), 1, 1, 'S', "it", 0));
    }

    @Test
    void each_reading_begins_after_it_was_asked_for() throws Exception {
        Tables tables = new Tables(this::read);
        List<Future<Boolean>> fresh = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 10_000; i++) {
                fresh.add(threads.submit(() -> {
                    int before = begun.get();
                    return tables.take().getFirst().pid().number() > before;
                }));
            }
            for (Future<Boolean> one : fresh) assertThat(one.get()).isTrue();
        }
        assertThat(ended).hasValue(begun.get());
    }

    @Test
    void those_who_wait_for_one_that_is_under_way_share_the_next() throws Exception {
        CountDownLatch isReading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Tables tables = new Tables(() -> {
            isReading.countDown();
            awaitUninterruptibly(goOn);
            return read();
        });
        try (var threads = Executors.newFixedThreadPool(1)) {
            Future<List<Info>> first = threads.submit(tables::take);
            isReading.await();
            List<Thread> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++) waiting.add(Thread.ofPlatform().start(tables::take));
            for (Thread thread : waiting) while (thread.getState() != Thread.State.BLOCKED) Thread.onSpinWait();
            goOn.countDown();
            for (Thread thread : waiting) thread.join();
            assertThat(first.get().getFirst().pid().number()).isEqualTo(1);
        }
        assertThat(begun).hasValue(2);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
